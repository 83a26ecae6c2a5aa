/** Width over height of the map's picture on an A4 page. */
export const PICTURE_ASPECT = 182 / 84;

/** That a print was asked for; the passport answers when the map is ready for paper. */
class Printing {
  asked = $state(false);
  /** A panel brings pages of its own: the passport stays away. */
  own = $state(false);
}

export const printing = new Printing();
