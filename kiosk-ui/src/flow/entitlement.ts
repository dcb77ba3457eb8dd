// Editing the table of rules that entitle: what is wrong with it, and whether it says something new.
import type { RuleCard } from '../api/types';

export const PUBLICS = ['lycee', 'prepa_metiers', 'mention_complementaire', 'passerelle', 'post_bac', 'other'] as const;
const PREFIX = /^[0-9A-Z]{1,11}$/;

export const typed = (prefix: string) => prefix.trim().toUpperCase();

export type RuleFault = 'malformed' | 'twice';

/** What is wrong with each rule, in their order. */
export function faults(rules: readonly RuleCard[]): (RuleFault | null)[] {
  return rules.map((rule, at) => {
    if (!PREFIX.test(typed(rule.prefix))) return 'malformed';
    return rules.some((other, place) => place !== at && typed(other.prefix) === typed(rule.prefix)) ? 'twice' : null;
  });
}

/** They can be asked about: some, and nothing wrong. No rules at all would bring the programme's back, which is another wish. */
export const isSound = (rules: readonly RuleCard[]) => rules.length > 0 && faults(rules).every((fault) => fault === null);

/** They say something else, in whatever order. */
export function differ(one: readonly RuleCard[], other: readonly RuleCard[]): boolean {
  const said = (rules: readonly RuleCard[]) => rules.map((rule) => `${typed(rule.prefix)} ${rule.public} ${rule.entitled}`).sort().join('\n');
  return said(one) !== said(other);
}
