// The table of rules that entitle, while somebody edits it: what it would change, then putting it in force.
import { entitlement as service } from '../api/data';
import type { EntitlementPreview, RuleCard, Rules } from '../api/types';
import { differ, faults, isSound, typed } from '../flow/entitlement';
import { type Trouble, trouble } from '../parts/problems';
import { Task } from './task.svelte';

/** Somebody who types is asked for once they pause. */
const PAUSE_MS = 350;

interface EditedRule extends RuleCard {
  key: number;
}

export class EntitlementState {
  inForce = $state.raw<Rules | null>(null);
  rules = $state<EditedRule[]>([]);
  preview = $state.raw<EntitlementPreview | null>(null);
  /** They were put in force just now. */
  applied = $state(false);
  readonly task = new Task();
  /** Why nobody knows what they would change. */
  unanswered = $state.raw<Trouble | null>(null);
  #key = 0;
  #asked = 0;

  readonly cards = $derived(this.rules.map(({ prefix, public: who, entitled }): RuleCard => ({ prefix: typed(prefix), public: who, entitled })));
  readonly faults = $derived(faults(this.cards));
  readonly isSound = $derived(isSound(this.cards));
  readonly isChanged = $derived(this.inForce !== null && differ(this.cards, this.inForce.rules));

  async load(): Promise<void> {
    await this.task.run(async () => this.#show(await service.show()));
  }

  add(): void {
    this.rules.push({ key: this.#key++, prefix: '', public: 'lycee', entitled: true });
  }

  remove(key: number): void {
    this.rules = this.rules.filter((rule) => rule.key !== key);
  }

  reset(): void {
    if (this.inForce) this.#show(this.inForce);
  }

  /** What the edited rules would change, once typing pauses; an answer that was overtaken is dropped. */
  async ask(): Promise<void> {
    const mine = ++this.#asked;
    this.preview = null;
    if (!this.isChanged || !this.isSound) return;
    this.applied = false;
    await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    if (mine !== this.#asked) return;
    try {
      const preview = await service.preview(this.cards);
      if (mine !== this.#asked) return;
      this.preview = preview;
      this.unanswered = null;
    } catch (error) {
      if (mine === this.#asked) this.unanswered = trouble(error);
    }
  }

  async apply(): Promise<void> {
    await this.#change(this.cards);
  }

  async toProgramme(): Promise<void> {
    await this.#change([]);
  }

  async #change(rules: RuleCard[]): Promise<void> {
    this.applied = await this.task.run(async () => this.#show(await service.change(rules)));
  }

  #show(rules: Rules): void {
    this.inForce = rules;
    this.rules = rules.rules.map((rule) => ({ ...rule, key: this.#key++ }));
    this.preview = null;
    this.applied = false;
  }
}
