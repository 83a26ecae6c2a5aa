/** The colours of the map, in one place for light and dark. Interface colours are in `app.css`. */
export type Tone = 'light' | 'dark';

export type Palette = {
  tone: Tone;
  land: string;
  district: string;
  districtLine: string;
  water: string;
  waterLine: string;
  label: string;
  quietLabel: string;
  halo: string;
  road: string;
  roadCase: string;
  rail: string;
  deposit: string;
  depositLine: string;
  constraint: Record<string, string>;
  /** What remains of a deposit's fuel, none to all: from the ground's own tone to full colour. */
  remain: [share: number, colour: string][];
  selected: string;
  ink: string;
  paper: string;
};

const PALETTES: Record<Tone, Palette> = {
  light: {
    tone: 'light',
    land: '#f4f3ed',
    district: '#edf0e2',
    districtLine: '#b9c0aa',
    water: '#c3d6db',
    waterLine: '#a3bec6',
    label: '#3f443b',
    quietLabel: '#71786a',
    halo: '#f7f7f1',
    road: '#ffffff',
    roadCase: '#8f8c82',
    rail: '#4c4a52',
    deposit: '#b79a6b',
    depositLine: '#7d6238',
    constraint: {
      protected_area: '#2f7d4f',
      protective_zone: '#6a9a5e',
      water_protection: '#2f7fb0',
      settlement: '#8a5a9c',
      road: '#7b7b7b',
      fire_break: '#c0492f',
      other: '#6b6b6b',
    },
    remain: [
      [0, '#f6f4ee'],
      [0.25, '#e0d6bd'],
      [0.5, '#c4b084'],
      [0.75, '#a58a4f'],
      [1, '#86661f'],
    ],
    selected: '#1d4ed8',
    ink: '#2a2730',
    paper: '#ffffff',
  },
  dark: {
    tone: 'dark',
    land: '#1a1d1c',
    district: '#202622',
    districtLine: '#465046',
    water: '#1b3640',
    waterLine: '#2c5360',
    label: '#d5d9cd',
    quietLabel: '#98a194',
    halo: '#1a1d1c',
    road: '#59605c',
    roadCase: '#0f1110',
    rail: '#c6c3cc',
    deposit: '#8f7446',
    depositLine: '#c9a668',
    constraint: {
      protected_area: '#5cb980',
      protective_zone: '#8fc07f',
      water_protection: '#5fb2e0',
      settlement: '#c08fd4',
      road: '#a5a5a5',
      fire_break: '#f0785c',
      other: '#a0a0a0',
    },
    remain: [
      [0, '#262a29'],
      [0.25, '#4a4433'],
      [0.5, '#77643a'],
      [0.75, '#a8873f'],
      [1, '#dcae4c'],
    ],
    selected: '#8ab4ff',
    ink: '#f1efe9',
    paper: '#242827',
  },
};
export const palette = (tone: Tone): Palette => PALETTES[tone];

/** Depth of peat: even steps of lightness (OKLab) from light sand to dark brown-violet. */
export const DEPTH_STOPS: [metres: number, colour: string][] = [
  [0, '#f4e7c6'],
  [1, '#e3bf89'],
  [2, '#d4935c'],
  [3, '#bc6a4b'],
  [4, '#964a4b'],
  [5, '#673447'],
  [6.5, '#3e1e39'],
];

export const STATUS: Record<string, string> = {
  undeveloped: '#6f9150',
  prepared: '#d1900f',
  in_production: '#b1441f',
  worked_out: '#7c7a80',
  rewetted: '#2a7ea6',
};

/** Categories of reserves, best survey first: from deep blue to pale, with a lightness that falls evenly. */
export const CATEGORY: Record<string, string> = {
  A: '#315fa3',
  B: '#3f8fc9',
  C1: '#2d9c95',
  C2: '#7fb04a',
  P1: '#c3a83c',
};
/** Steps of the funnel, from all peat inside the outline to what machines can take. */
export const FUNNEL: Record<string, string> = {
  gross: '#7d7a73',
  industrial: '#a5762c',
  legal: '#2f7fb0',
  technical: '#8c4a86',
  recoverable: '#1f7a4a',
};
/** What the peat is good for. */
export const PRODUCT: Record<string, string> = {
  horticultural: '#6f9f4b',
  chemical: '#3f7fb5',
  fuel: '#b1582a',
  reject: '#8d8a84',
};

/** Deposits told apart in charts and supply lines: Tol's "muted" scheme, safe for colour-blind readers. */
const DEPOSITS = [
  '#4477aa',
  '#cc6677',
  '#999933',
  '#44aa99',
  '#aa4499',
  '#ddaa33',
  '#882255',
  '#88ccee',
  '#117733',
];
export const depositColour = (index: number): string =>
  index < 0 ? '#8a8a8a' : DEPOSITS[index % DEPOSITS.length]!;
