/** How a folder's name begins in which a restore is made before it moves into place: whoever finds one later may remove it. */
export const STAGING = '.restoring-';
