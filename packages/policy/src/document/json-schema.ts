import { API_VERSION, POLICY_SHAPE } from './policy-shape.ts';
import type { Shape } from './shape.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The policy's format for editors and other programs: what the parser checks, but for what needs more than one value. */
export function policySchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: API_VERSION,
    ...schemaOf(POLICY_SHAPE),
  };
}

function schemaOf(shape: Shape): Schema {
  const description = shape.about;
  switch (shape.kind) {
    case 'any':
      return { description };
    case 'text': {
      const { pattern, values } = shape;
      return { description, type: 'string', ...(values === undefined ? { pattern } : { enum: values }) };
    }
    case 'list':
      return { description, type: 'array', items: schemaOf(shape.of), minItems: shape.least ?? 0 };
    case 'map': {
      const { keys } = shape;
      return {
        description,
        type: 'object',
        propertyNames: { pattern: keys },
        additionalProperties: schemaOf(shape.of),
        minProperties: shape.least ?? 0,
      };
    }
    case 'choice':
      return { description, oneOf: shape.of.map(schemaOf) };
    case 'record': {
      const properties = Object.fromEntries(
        Object.entries(shape.fields).map(([name, field]) => [name, schemaOf(field)]),
      );
      return {
        description,
        type: 'object',
        required: shape.required,
        additionalProperties: false,
        properties,
        minProperties: shape.least ?? 0,
      };
    }
  }
}
