/**
 * Wrong structures out of right ones: changes elements of a DER tree and writes the lengths anew, so that the change is not stopped by the
 * first length that lies (see mutate.ts for those). Some elements come out in BER's indefinite form.
 */
import { type Element, readElement, write } from '../../src/main/core/pki/der.ts';

interface Node {
  tag: number;
  indefinite: boolean;
  children: Node[] | undefined;
  content: Uint8Array;
}

const toNode = (e: Element): Node => ({ tag: e.tag, indefinite: false, children: (e.tag & 0x20) === 0 ? undefined : e.children.map(toNode), content: e.content });

function toBytes(node: Node): Uint8Array {
  const content = node.children === undefined ? node.content : Buffer.concat(node.children.map(toBytes));
  return node.indefinite ? Buffer.concat([Uint8Array.of(node.tag, 0x80), content, Uint8Array.of(0, 0)]) : write(node.tag, content);
}

const flatten = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flatten)];

const TAGS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0x80, 0x82, 0x86, 0x87, 0xa0, 0xa1, 0xa3, 0xa4];

/** One to three changes to the tree of these bytes: a value's bytes, a tag, an element dropped, doubled, moved, emptied or made indefinite. */
export function mutateTree(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const root = toNode(readElement(bytes));
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const all = flatten(root);
    const node = all[random(all.length)] ?? root;
    const parent = all.find((n) => n.children?.includes(node));
    const index = parent?.children?.indexOf(node) ?? 0;
    switch (random(8)) {
      case 0:
      case 1:
        if (node.content.length > 0) node.content = node.content.map((b, i) => (i === node.content.length - 1 - random(Math.min(4, node.content.length)) ? b ^ (1 << random(8)) : b));
        break;
      case 2:
        node.tag = TAGS[random(TAGS.length)] ?? 0;
        break;
      case 3:
        parent?.children?.splice(index, 1);
        break;
      case 4:
        parent?.children?.splice(index, 0, node);
        break;
      case 5:
        if (parent?.children !== undefined) parent.children.splice(random(parent.children.length), 0, ...parent.children.splice(index, 1));
        break;
      case 6:
        node.content = new Uint8Array(random(5)).map(() => random(256));
        if (node.children !== undefined && random(3) === 0) node.children = [];
        break;
      default:
        node.indefinite = node.children !== undefined;
    }
  }
  return toBytes(root);
}
