/**
 * What the passport of a project shows beside its study: the supply of exactly the fuel that the study found, and the reserves of
 * the deposits that give it. Fetched when paper is wanted.
 */
import * as api from '../api';
import type { ChpStudy, Reserves, Supply } from '../contract';
import type { SiteId } from './address';
import { follow } from './jobs';
import { feeding, supplyOfStudy } from './project-sums';
import { asking } from './reserves.svelte';
import { supplyInputs } from './supply.svelte';

export type Paper = {
  /** Of which study. */
  hash: string;
  supply: Supply | null;
  reserves: Reserves[];
};

class ProjectPaper {
  #found = $state.raw<Paper | null>(null);

  /** What was fetched for this study. */
  of(study: ChpStudy): Paper | null {
    return this.#found?.hash === study.inputs_hash ? this.#found : null;
  }

  /** Never fails: what cannot be had is left out of the paper, and the paper says so. */
  async load(plant: SiteId, study: ChpStudy): Promise<void> {
    if (this.of(study)) return;
    const inputs = supplyInputs(plant);
    if (!inputs) return;
    const { signal } = new AbortController();
    const supply = await api
      .supply(plant === 'new' ? null : plant, supplyOfStudy(inputs, study), signal)
      .catch(() => null);
    const one = (deposit: number): Promise<Reserves | null> =>
      follow(asking(deposit, { constraints: 'apply' }, signal), () => {}, signal).catch(() => null);
    const reserves = supply ? await Promise.all(feeding(supply).map(one)) : [];
    this.#found = {
      hash: study.inputs_hash,
      supply,
      reserves: reserves.filter((found) => found !== null),
    };
  }
}

export const projectPaper = new ProjectPaper();
