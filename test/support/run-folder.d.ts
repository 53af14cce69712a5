export function makeRunFolder(environment: NodeJS.ProcessEnv): string;
export function linkEssentialPrograms(folder: string, searched: string): string | undefined;
export function removeRunFolder(folder: string): readonly string[];
export function linkPrograms(folder: string, programs: ReadonlyMap<string, string>): string;
