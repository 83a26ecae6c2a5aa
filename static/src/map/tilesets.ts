/** Where the map's tiles are, and whether they have moved since: their addresses change with the data. */
import type { Map as LibreMap, VectorTileSource } from 'maplibre-gl';
import { tileset } from '../api';
import { TILESETS, type Tileset, type TileSource } from '../contract';

const names = Object.keys(TILESETS) as TileSource[];
let known: Record<string, Tileset> = {};

/** Where a set was once read, a later failure leaves it. */
export async function readTilesets(): Promise<Record<string, Tileset>> {
  const read = async (name: TileSource): Promise<[string, Tileset]> => {
    const before = known[name];
    const found = tileset(TILESETS[name]);
    return [name, await (before ? found.catch(() => before) : found)];
  };
  known = Object.fromEntries(await Promise.all(names.map(read)));
  return known;
}

export async function renewTiles(map: LibreMap): Promise<void> {
  const before = known;
  const now = await readTilesets();
  for (const name of names) {
    const tiles = now[name]!.tiles;
    if (tiles[0] !== before[name]?.tiles[0]) map.getSource<VectorTileSource>(name)?.setTiles(tiles);
  }
}
