/** The colours of money, by role: costs in earths and greys, incomes in the colours of what is sold. */
import type { MoneyGroup } from './study';

export const MONEY_COLOUR: Record<MoneyGroup, string> = {
  investment: 'var(--money-investment)',
  working_capital: 'var(--money-stocks)',
  operation: 'var(--money-operation)',
  fuel: 'var(--peat)',
  carbon: 'var(--money-carbon)',
  tax: 'var(--money-tax)',
  heat: 'var(--burn)',
  electricity: 'var(--wet)',
  other_income: 'var(--harvest)',
  loan: 'var(--money-loan)',
};
