/** The parsed form of a Go template. `position` is a UTF-16 offset into the text. Source: Go, text/template/parse/node.go. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe; readonly position: number }
  | Branch
  | { readonly kind: 'template'; readonly name: string; readonly pipe: Pipe | null; readonly position: number }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' };

export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: Pipe;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly position: number;
}

export interface Pipe {
  readonly kind: 'pipe';
  readonly position: number;
  readonly declared: readonly string[];
  /** `$x = …` sets a variable that exists, `$x := …` makes one. */
  readonly isAssignment: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly kind: 'command';
  readonly position: number;
  readonly operands: readonly [Operand, ...Operand[]];
}

export type Operand =
  | Pipe
  | { readonly kind: 'dot'; readonly position: number }
  | { readonly kind: 'nil'; readonly position: number }
  | { readonly kind: 'bool'; readonly position: number; readonly value: boolean }
  | { readonly kind: 'string'; readonly position: number; readonly value: string; readonly source: string }
  /** A whole number is a bigint, a floating-point number a number: Go keeps them apart. */
  | { readonly kind: 'number'; readonly position: number; readonly value: bigint | number; readonly source: string }
  | { readonly kind: 'identifier'; readonly position: number; readonly name: string }
  | { readonly kind: 'field'; readonly position: number; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly position: number; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'chain'; readonly position: number; readonly base: Operand; readonly path: readonly string[] };

export interface ParsedTemplate {
  readonly name: string;
  readonly text: string;
  readonly body: readonly Statement[];
  /** What `define` and `block` gave a name. */
  readonly defined: ReadonlyMap<string, readonly Statement[]>;
}

export type Node = Operand | Command;

/** The source of a node as Go prints it in messages. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'string':
    case 'number':
      return node.source;
    case 'identifier':
      return node.name;
    case 'field':
      return node.path.map((name) => `.${name}`).join('');
    case 'variable':
      return [node.name, ...node.path].join('.');
    case 'chain':
      return `${operandText(node.base)}${node.path.map((name) => `.${name}`).join('')}`;
    case 'command':
      return node.operands.map(operandText).join(' ');
    case 'pipe': {
      const declared = node.declared.length > 0 ? `${node.declared.join(', ')} ${node.isAssignment ? '=' : ':='} ` : '';
      return declared + node.commands.map(nodeText).join(' | ');
    }
  }
}

function operandText(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${nodeText(operand)})` : nodeText(operand);
}
