// The state of the school's data, as the service checks it.
import { data as service } from '../api/data';
import type { DataState as Found } from '../api/types';
import { Task } from './task.svelte';

export class DataState {
  found = $state.raw<Found | null>(null);
  readonly task = new Task();

  readonly failing = $derived((this.found?.checks ?? []).filter((check) => check.total > 0));
  readonly passed = $derived((this.found?.checks ?? []).filter((check) => check.total === 0));
  readonly total = $derived(this.failing.reduce((sum, check) => sum + check.total, 0));

  async load(): Promise<void> {
    await this.task.run(async () => void (this.found = await service.checks()));
  }
}
