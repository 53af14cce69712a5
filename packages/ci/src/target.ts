/** The automation servers that credentials and a pipeline are written for. */
export const CI_TARGETS = ['jenkins', 'github', 'gitlab'] as const;

export type CiTarget = (typeof CI_TARGETS)[number];
