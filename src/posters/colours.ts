/** The colours of the web chat; text on them has a contrast of at least 7:1. */
export const DEEP = '#0b4a54';
export const ON_DEEP = '#ffffff';
export const TEAL = '#0b6a75';
export const WATER = '#e4eff0';
export const PAPER = '#ffffff';
export const INK = '#10292e';
export const INK_SOFT = '#33504f';
export const LIGHT = '#ffd98a';
/** For codes: nothing reads better. */
export const BLACK = '#000000';
