/**
 * Conversion of energy and mass for display, and nothing else: every quantity comes from the
 * server, in MWh and in tonnes.
 */
export type EnergyUnit = 'mwh' | 'gcal' | 'gj' | 'tce';
export const ENERGY_UNITS: EnergyUnit[] = ['mwh', 'gcal', 'gj', 'tce'];
export type MassBasis = 'reference' | 'dry';

// 1 Gcal = 4.1868 GJ (international table calorie); 1 t.c.e. = 7 Gcal.
const GJ_PER_MWH = 3.6;
const GJ_PER_GCAL = 4.1868;
const GJ_PER_TCE = 7 * GJ_PER_GCAL;

/** How many of the unit make one MWh. */
export const PER_MWH: Record<EnergyUnit, number> = {
  mwh: 1,
  gj: GJ_PER_MWH,
  gcal: GJ_PER_MWH / GJ_PER_GCAL,
  tce: GJ_PER_MWH / GJ_PER_TCE,
};

export const energyIn = (mwh: number, unit: EnergyUnit): number => mwh * PER_MWH[unit];

/** Mass without its water; `moisture` is a share of the wet mass. */
export const dryMass = (tonnes: number, moisture: number): number => tonnes * (1 - moisture);
