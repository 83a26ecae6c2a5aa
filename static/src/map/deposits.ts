/** Which deposit has which colour: by its place among the stored ones, so that it never changes. */
import { data } from '../state/data.svelte';
import { depositColour } from './palette';

export const depositIndex = (id: number | null): number =>
  id === null ? -1 : data.list('deposits').findIndex((deposit) => deposit.id === id);

export const colourOfDeposit = (id: number | null): string => depositColour(depositIndex(id));
