import { expect, test } from 'vitest';
import type { RuleCard } from '../api/types';
import { differ, faults, isSound } from './entitlement';

const rule = (prefix: string, entitled = true): RuleCard => ({ prefix, public: 'lycee', entitled });

test('a rule begins with 1 to 11 figures or letters, and no two with the same', () => {
  expect(faults([rule('200'), rule(' 2a0 '), rule('2A0'), rule(''), rule('20-1'), rule('123456789012')])).toEqual([null, 'twice', 'twice', 'malformed', 'malformed', 'malformed']);
});

test('no rule at all is nothing to ask about', () => {
  expect(isSound([])).toBe(false);
  expect(isSound([rule('200')])).toBe(true);
  expect(isSound([rule('200'), rule('200')])).toBe(false);
});

test('order and blanks say nothing new; a rule more, less or other does', () => {
  expect(differ([rule('200'), rule('201')], [rule('201'), rule(' 200')])).toBe(false);
  expect(differ([rule('200')], [rule('200', false)])).toBe(true);
  expect(differ([rule('200')], [])).toBe(true);
});
