/** Blocks added up by category, for the table's sums: plain addition of the server's figures. Pure. */
import type { Block } from '../contract';

export type Sum = {
  category: string;
  off: boolean;
  blocks: number;
  area: number;
  volume: number;
  energy: number;
};

const ORDER = ['A', 'B', 'C1', 'C2', 'P1'];
const place = (category: string): number => {
  const at = ORDER.indexOf(category);
  return at < 0 ? ORDER.length : at;
};

/** Balance before off-balance, the best surveyed first; what is not there has no row. */
export function sums(blocks: Block[]): Sum[] {
  const found = new Map<string, Sum>();
  for (const block of blocks) {
    const off = block.balance_class !== 'balance';
    const key = `${off} ${block.category}`;
    const sum = found.get(key) ?? { category: block.category, off, blocks: 0, area: 0, volume: 0, energy: 0 };
    sum.blocks += 1;
    sum.area += block.area_ha;
    sum.volume += block.volume_m3;
    sum.energy += block.energy_mwh;
    found.set(key, sum);
  }
  return [...found.values()].sort(
    (a, b) => Number(a.off) - Number(b.off) || place(a.category) - place(b.category),
  );
}
