// SPDX-License-Identifier: Apache-2.0
// Judges by Cedar what `emit` wrote, and compares: emit … | node judge.mjs [--plants N]
//
// Of a case three questions are asked: `cross` (may it go now?), `ask` (may it go once officers approved?), and
// `say`, under which each condition is a permission of its own, so that Cedar names all that are met.  What is
// left to this file is to put the first of several in front, and plane geometry.
//
// With --plants so many statements are then turned round, one at a time, and each must be noticed.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { inside, touching } from './geometry.mjs';

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');
const DAY = 86400000;
const SHOWN = 5;
const KEPT = 3000; // cases that stay for the planted faults
const PLANTS = process.argv[2] === '--plants' ? Number(process.argv[3]) : 0;

const policies = new Map();
const bases = [];
const areas = [];
const kept = [];
const counts = { cases: 0, differences: 0, release: 0, hold: 0, refuse: 0 };
const hits = new Map();
const parsed = new Set();

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

// ---- asking Cedar ----

// parsedFor - the statements that one giver's question is about, parsed at its first: what Cedar does for one
// question grows with the statements that it was given
function parsedFor(giver, said) {
  const id = `${giver} ${said}`;
  if (parsed.has(id)) {
    return id;
  }
  const staticPolicies = {};
  for (const [policy, text] of policies) {
    const [, of] = /^\w+\(principal == Party::"([^"]*)"/.exec(text) ?? [];
    if ((of === undefined || of === giver) && text.includes('Action::"say"') === said) {
      staticPolicies[policy] = text;
    }
  }
  const answer = cedar.preparsePolicySet(id, { staticPolicies, templates: {}, templateLinks: [] });
  if (answer.type !== 'success') {
    fail(JSON.stringify(answer));
  }
  parsed.add(id);
  return id;
}

function ask(action, facts, context) {
  const answer = cedar.statefulIsAuthorized({
    principal: { type: 'Party', id: facts.from },
    action: { type: 'Action', id: action },
    resource: { type: 'Party', id: facts.to },
    context,
    preparsedPolicySetId: parsedFor(facts.from, action === 'say'),
    entities: [],
  });
  if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0) {
    fail(JSON.stringify(answer) + JSON.stringify(facts));
  }
  return answer.response;
}

function contextOf(facts) {
  const { extent, ...context } = facts;
  for (const end of ['low', 'high']) {
    context[`${end}Day`] = Math.floor(facts[end] / DAY);
    context[`${end}Hour`] = facts[end] - DAY * Math.floor(facts[end] / DAY);
  }
  context.inside = areas.filter((a) => inside(a.points, extent)).map((a) => a.area);
  context.touching = areas.filter((a) => touching(a.points, extent)).map((a) => a.area);
  return context;
}

// ---- what it said, in our words ----

// basisOf - the first without a failed step, else the first; steps 4 to 6 of it
function basisOf(said, candidates, received) {
  const judged = candidates.map((b) => ({
    basis: b,
    failed: [
      ...(!said.has(`${b.basis}/never`) || received ? ['never'] : []),
      ...(!said.has(`${b.basis}/equivalent`) ? ['equivalent'] : []),
      ...(!said.has(`${b.basis}/assurance`) ? ['assurance'] : []),
    ],
  }));
  return judged.find((j) => j.failed.length === 0) ?? judged[0];
}

function rulingOf(said) {
  const speaking = [...said].filter((id) => id.startsWith('rule/')).map((id) => id.split('/'))
    .map(([, , number, action, officers]) => ({ number: +number, action, officers: +officers }));
  const rank = (r) => 100 * ['release', 'hold', 'never'].indexOf(r.action) + r.officers;
  speaking.sort((a, b) => rank(b) - rank(a) || a.number - b.number);
  return speaking[0] ?? { number: 0, action: 'hold', officers: 1 };
}

function stepsOf(said) {
  if (!said.has('say/question')) {
    return { failed: ['marking'], permit: '-', cover: '-', rule: 0, officers: 1 };
  }
  const received = [...said].some((id) => id.startsWith('lineage/'));
  const permitted = bases.filter((b) => said.has(`${b.basis}/permits`));
  const covered = bases.filter((b) => said.has(`${b.basis}/covers`));
  const best = basisOf(said, permitted.length > 0 ? permitted : covered, received);
  const ruling = rulingOf(said);
  const failed = [
    ...(said.has('say/marking') ? [] : ['marking']),
    ...(said.has('say/releasable') ? [] : ['releasable']),
    ...(permitted.length > 0 ? [] : ['clause']),
    ...(best?.failed ?? [...(received ? ['never'] : []), 'equivalent']),
    ...(ruling.action === 'never' ? ['rules'] : []),
  ];
  const { permit, cover } = best?.basis ?? { permit: '-', cover: '-' };
  return { failed, permit, cover, rule: ruling.number, officers: ruling.officers };
}

// givers - the bases on which it goes, by the statements that are one whole, and by their parts
function givers(response) {
  return response.diagnostics.reason.filter((id) => id.endsWith('/gives')).sort().join();
}

function giversSaid(said) {
  const parts = ['permits', 'never', 'equivalent', 'assurance'];
  return bases.filter((b) => parts.every((p) => said.has(`${b.basis}/${p}`)))
    .map((b) => `${b.basis}/gives`).join();
}

function answerOf(facts) {
  const context = contextOf(facts);
  const wait = ask('ask', facts, context);
  const cross = wait.decision === 'allow' ? ask('cross', facts, context) : wait; // it forbids all that `ask` does
  const said = new Set(ask('say', facts, context).diagnostics.reason);
  const outcome = cross.decision === 'allow' ? 'release' : wait.decision === 'allow' ? 'hold' : 'refuse';
  return {
    outcome,
    text: JSON.stringify({ outcome, ...stepsOf(said) }),
    agrees: wait.decision === 'deny' || givers(wait) === giversSaid(said),
    ids: [...said, ...cross.diagnostics.reason, ...wait.diagnostics.reason],
  };
}

const differs = (line, answer) => JSON.stringify(line.verdict) !== answer.text || !answer.agrees;

function judge(line) {
  const answer = answerOf(line.case);
  counts.cases++;
  counts[answer.outcome]++;
  new Set(answer.ids).forEach((id) => hits.set(id, (hits.get(id) ?? 0) + 1));
  if (differs(line, answer)) {
    counts.differences++;
    if (counts.differences <= SHOWN) {
      const ours = JSON.stringify(line.verdict);
      console.log(`difference\n  ours   ${ours}\n  Cedar  ${answer.text}\n${line.text || JSON.stringify(line.case)}`);
    }
  }
  if (PLANTS > 0 && kept.length < KEPT) {
    kept.push(line);
  }
}

// ---- was each statement tried? ----

// uncovered - statements that no case met, and those that each case met
function uncovered() {
  return [...policies.keys()].filter((id) => !hits.has(id) || hits.get(id) === counts.cases)
    .map((id) => `${hits.has(id) ? 'always met' : 'never met'}: ${id}`);
}

// ---- planted faults ----

const turned = {
  'holds always': (text) => text.replace(/(when|unless) \{.*\};$/s, (_, w) => `${w} { ${w === 'when'} };`),
  'holds never': (text) => text.replace(/(when|unless) \{.*\};$/s, (_, w) => `${w} { ${w !== 'when'} };`),
};

function noticed(id, turn) {
  const text = policies.get(id);
  policies.set(id, turn(text));
  parsed.clear();
  const found = kept.some((line) => differs(line, answerOf(line.case)));
  policies.set(id, text);
  return found;
}

// Spread over all statements, every second taken away, the others made to hold always.  A prohibition that follows
// an item is not taken away: mostly what the giving rests on has the same.
function plantAll() {
  const ids = [...policies.keys()].filter((id) => hits.has(id));
  const missed = [];
  for (let i = 0; i < PLANTS; i++) {
    const id = ids[Math.floor((i * ids.length) / PLANTS)];
    const way = i % 2 === 0 || /^(never|lineage)\//.test(id) ? 'holds always' : 'holds never';
    if (!noticed(id, turned[way])) {
      missed.push(`${id} ${way}`);
    }
  }
  return missed;
}

// ---- reading ----

function take(line) {
  if (line.policy !== undefined) {
    policies.set(line.policy, line.cedar);
  } else if (line.basis !== undefined) {
    bases.push(line);
  } else if (line.area !== undefined) {
    areas.push(line);
  } else {
    judge(line);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  take(JSON.parse(line));
}
const unmet = uncovered();
const unnoticed = plantAll();
console.log(JSON.stringify({ statements: policies.size, bases: bases.length, ...counts, planted: PLANTS }));
unmet.forEach((m) => console.log(m));
unnoticed.forEach((m) => console.log(`not noticed: ${m}`));
process.exit(counts.differences + unmet.length + unnoticed.length > 0 || counts.cases === 0 ? 1 : 0);
