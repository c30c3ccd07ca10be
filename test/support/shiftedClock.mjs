// Loaded by --import before the product: its clock then stands CLOCK_SHIFT milliseconds away from now, so that a test folder can have a past.
const shift = Number(process.env.CLOCK_SHIFT ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...args);
  }

  static now() {
    return RealDate.now() + shift;
  }
};
