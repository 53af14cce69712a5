// Taking an engine's last change back, which most commands that write its configuration do without.
export { planEngineUndo, undoEngine } from './undo-engine.ts';
export type { UndoOrder, UndoOutcome } from './undo-engine.ts';
export type { UndoPlan } from './plan-undo.ts';
