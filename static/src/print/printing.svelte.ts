/** That a print was asked for; the passport answers when the map is ready for paper. */
class Printing {
  asked = $state(false);
}

export const printing = new Printing();
