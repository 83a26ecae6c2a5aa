/** OGC API - Processes: what a process says of itself, its titles in one language. */
export type ProcessInput = {
  title: string;
  description: string;
  minOccurs?: number;
  schema: {
    type?: string;
    enum?: string[];
    minimum?: number | null;
    maximum?: number | null;
    default?: unknown;
    [further: string]: unknown;
  };
};
export type ProcessDescription = {
  id: string;
  title: string;
  description: string;
  inputs: Record<string, ProcessInput>;
};
