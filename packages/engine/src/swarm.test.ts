import { describe, expect, test } from '@jest/globals';
import { refuseLostQuorum } from './swarm.ts';

describe('a restart', () => {
  test.each([
    [1, 1],
    [2, 2],
    [2, 3],
    [3, 5],
  ])('of one of %i reachable managers of %i is refused', (reachable, all) => {
    expect(() => refuseLostQuorum({ managers: { reachable, all } }, '--force')).toThrow(
      expect.objectContaining({ code: 'HOST_SWARM' }),
    );
  });

  test.each([
    [3, 3],
    [4, 5],
  ])('of one of %i reachable managers of %i leaves a quorum', (reachable, all) => {
    expect(() => refuseLostQuorum({ managers: { reachable, all } }, '--force')).not.toThrow();
  });

  test('of an engine that manages no swarm is no matter', () => {
    expect(() => refuseLostQuorum({ managers: undefined }, '--force')).not.toThrow();
  });
});
