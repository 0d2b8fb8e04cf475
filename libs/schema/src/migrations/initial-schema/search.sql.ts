const PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * Full text in Russian and English by stems. The dictionaries have no stop words, so that every word of a query counts.
 * Punctuation becomes space first: the parser would take `login/password` for a path and `failed.Please` for a host, one word each.
 *
 * The match operator is not leakproof, so row-level security would keep it from the index: `search_tickets` runs as the owner
 * and names the project itself. The project stands in each document as a lexeme too, so the index intersects "this project"
 * with the words instead of reading every project's matches. `IS TRUE` keeps the planner from reading the project's tickets
 * through another index beside that, which would cost more than the search.
 */
export const INITIAL_SEARCH = `
CREATE TEXT SEARCH DICTIONARY helpdesk_russian (TEMPLATE = pg_catalog.snowball, Language = russian);
CREATE TEXT SEARCH DICTIONARY helpdesk_english (TEMPLATE = pg_catalog.snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION helpdesk (COPY = pg_catalog.russian);
ALTER TEXT SEARCH CONFIGURATION helpdesk ALTER MAPPING FOR word, hword, hword_part WITH helpdesk_russian;
ALTER TEXT SEARCH CONFIGURATION helpdesk ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH helpdesk_english;

CREATE FUNCTION search_words(content text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(normalize(content, NFC), 'ёЁ${PUNCTUATION}', 'еЕ${' '.repeat(PUNCTUATION.length)}');

CREATE FUNCTION ticket_document(content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN strip(to_tsvector('helpdesk'::regconfig, search_words(content)));

CREATE FUNCTION project_lexeme(project uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'project:' || project::text;

CREATE FUNCTION search_tickets(words text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  project uuid := NULLIF(current_setting('app.project_id', true), '')::uuid;
  query tsquery := plainto_tsquery('helpdesk'::regconfig, search_words(words));
BEGIN
  IF project IS NULL OR numnode(query) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT s.ticket_id FROM ticket_search s
    WHERE s.document @@ (query && quote_literal(project_lexeme(project))::tsquery) AND (s.project_id = project) IS TRUE;
END $$;
`;
