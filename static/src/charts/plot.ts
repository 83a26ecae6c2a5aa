/** The measures of a chart with two axes, in the units of its viewBox. */
export type Frame = {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
};

/** As wide as the panel's text, so that letters keep their size. */
export const frame = (height: number, changes: Partial<Frame> = {}): Frame => ({
  width: 380,
  height,
  left: 44,
  right: 8,
  top: 22,
  bottom: 36,
  ...changes,
});

export const box = (of: Frame): { left: number; right: number; top: number; ground: number } => ({
  left: of.left,
  right: of.width - of.right,
  top: of.top,
  ground: of.height - of.bottom,
});
