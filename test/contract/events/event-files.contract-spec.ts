import { EVENT_CATALOGUE, EVENT_TYPES } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { renderEventFiles } from '#platform';
import { modulesOf } from '../../../apps/all-in-one/src/roles';
import { committedFiles, faultsOf, readJson, schemaOf, strictValidatorOf, validatorOf } from './event-files';

const EVENTS = EVENT_CATALOGUE.map((event) => [event.type, event] as const);

const exampleOf = (type: string) => readJson<EventEnvelope>(`examples/${type}.json`);

describe('docs/events', () => {
  it('is as the code makes it, no more and no less (npm run gen)', async () => {
    const rendered = await renderEventFiles(modulesOf(undefined));
    expect(Object.fromEntries(committedFiles())).toEqual(Object.fromEntries(rendered));
  });

  it('says of itself that it is generated, wherever there is room for it', () => {
    for (const [name, text] of committedFiles()) {
      const isExample = name.startsWith('examples/');
      expect([name, /npm run gen/.test(text.split('\n').slice(0, 2).join(''))]).toEqual([name, !isExample]);
    }
  });

  it('has a schema and an example of every event of the catalogue', () => {
    const names = [...committedFiles().keys()];
    expect(names).toEqual(expect.arrayContaining(EVENT_TYPES.map((type) => `schemas/${type}.schema.json`)));
    expect(names).toEqual(expect.arrayContaining(EVENT_TYPES.map((type) => `examples/${type}.json`)));
    for (const type of EVENT_TYPES) {
      expect(committedFiles().get('catalogue.md')).toContain(`| \`${type}\` |`);
    }
  });
});

describe('the schema of an event', () => {
  it.each(EVENTS)('%s is one of its own, in JSON Schema 2020-12', (type, { version }) => {
    const schema = schemaOf(type);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe(`urn:helpdesk:event:${type}:${version}`);
    const references = JSON.stringify(schema).match(/"\$ref":"[^"]*"/g) ?? [];
    const named = Object.keys(schema.$defs).map((name) => `"$ref":"#/$defs/${name}"`);
    expect([...new Set(references)].toSorted()).toEqual(named.toSorted());
  });

  it.each(EVENTS)('%s takes the example, which is that of the catalogue', (type, { example }) => {
    const event = exampleOf(type);
    expect(faultsOf(strictValidatorOf(type), event)).toBeUndefined();
    expect(event).toMatchObject({ type, data: example });
    expect(schemaOf(type).examples).toEqual([event]);
  });

  it.each(EVENTS)('%s takes members that are new, and refuses what is no such event', (type) => {
    const event = exampleOf(type);
    const isGood = (changed: object) => faultsOf(validatorOf(type), changed) === undefined;
    expect(isGood({ ...event, tomorrow: 1, data: { ...event.data, tomorrow: 1 } })).toBe(true);
    const wrong = [
      { type: 'ticket.unknown' },
      { specversion: '0.3' },
      { id: '1' },
      { sequence: 0 },
      { sequence: '1' },
      { time: 'yesterday' },
      { dataversion: 2 },
      { projectid: null },
      { data: null },
      { data: {} },
      { data: { ...event.data, actor: {} } },
    ];
    expect(wrong.filter((change) => isGood({ ...event, ...change }))).toEqual([]);
    for (const name of schemaOf(type).required ?? []) {
      expect([name, isGood({ ...event, [name]: undefined })]).toEqual([name, false]);
    }
  });
});
