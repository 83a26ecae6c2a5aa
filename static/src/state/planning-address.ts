/** The part of the address that is about scenarios, plans of several plants and the layers of a supply. Pure. */
import type { Inputs } from '../api';
import { CATCHMENT_MEASURES, type CatchmentMeasure } from '../contract-planning';

/** Computations over the whole project that have a panel of their own. */
export const PLAN_PROCESSES = ['allocate', 'site-plants'] as const;
export type PlanProcess = (typeof PLAN_PROCESSES)[number];
/** Computations whose inputs stand in a form made of the server's description: those, and the steam of a consumer. */
export const FORM_PROCESSES = [...PLAN_PROCESSES, 'steam-retrofit'] as const;
export type FormProcess = (typeof FORM_PROCESSES)[number];
/** What the panel shows while nothing is selected. */
export type Task = { kind: 'compare'; scenarios: number[] } | { kind: PlanProcess } | null;
/** How the lines from the fields are drawn; from what the roads are coloured. */
export type FlowsBy = 'deposit' | 'cost' | 'off';
export type CatchmentBy = CatchmentMeasure | 'off';
export type PlanningView = { task: Task; flows: FlowsBy; catchment: CatchmentBy };

export const NO_PLANNING: PlanningView = { task: null, flows: 'deposit', catchment: 'off' };
export const FEWEST_COMPARED = 2;
export const MOST_COMPARED = 4;

/** Inputs of a plan stand in the address under a letter, as those of reserves and supplies do. */
const LETTER: Record<FormProcess, string> = { allocate: 'a', 'site-plants': 'p', 'steam-retrofit': 'b' };

export type PlanInputs = Partial<Record<FormProcess, Inputs>>;
/** What undo covers. */
export type PlanningEdits = { scenario?: number; plans?: PlanInputs };

export function encodePlanning(
  { task, flows, catchment }: PlanningView,
  edits: PlanningEdits,
): [string, string][] {
  const out: [string, string][] = [];
  if (task?.kind === 'compare') out.push(['compare', task.scenarios.join(',')]);
  else if (task) out.push(['plan', task.kind]);
  if (edits.scenario !== undefined) out.push(['scenario', String(edits.scenario)]);
  if (flows !== NO_PLANNING.flows) out.push(['flows', flows]);
  if (catchment !== NO_PLANNING.catchment) out.push(['catchment', catchment]);
  for (const process of FORM_PROCESSES) {
    for (const [name, value] of Object.entries(edits.plans?.[process] ?? {})) {
      out.push([`${LETTER[process]}.${name}`, String(value)]);
    }
  }
  return out;
}

const isId = (id: number): boolean => Number.isInteger(id) && id >= 0;

/** Reads one part of an address; false where it is none of ours. `scalar` tells numbers and truths from words. */
export function decodePlanning(
  key: string,
  value: string,
  view: PlanningView,
  edits: PlanningEdits,
  scalar: (value: string) => Inputs[string],
): boolean {
  if (key === 'compare') {
    const ids = [...new Set(value.split(',').filter(Boolean).map(Number))]
      .filter(isId)
      .slice(0, MOST_COMPARED);
    if (ids.length) view.task = { kind: 'compare', scenarios: ids };
  } else if (key === 'plan') {
    const process = PLAN_PROCESSES.find((known) => known === value);
    if (process) view.task = { kind: process };
  } else if (key === 'scenario') {
    if (value !== '' && isId(Number(value))) edits.scenario = Number(value);
  } else if (key === 'flows') {
    if (value === 'cost' || value === 'off') view.flows = value;
  } else if (key === 'catchment') {
    view.catchment = CATCHMENT_MEASURES.find((known) => known === value) ?? 'off';
  } else {
    const process = FORM_PROCESSES.find((known) => key.startsWith(`${LETTER[known]}.`));
    if (!process) return false;
    const name = key.slice(2);
    edits.plans = { ...edits.plans, [process]: { ...edits.plans?.[process], [name]: scalar(value) } };
  }
  return true;
}
