// SPDX-License-Identifier: Apache-2.0
// node compare.mjs TAK-MESSAGE FOLDER - each event of the folder, in both directions between this tree and node-cot
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import CoT from '@tak-ps/node-cot';

const [tool, folder] = process.argv.slice(2);
let passed = 0;
let failed = 0;

function check(what, ok, detail = '') {
    ok ? passed++ : failed++;
    if (!ok) console.log(`FAIL ${what} ${detail}`);
}

/** What the tool makes of the bytes; null when it refuses them. */
function made(from, to, bytes) {
    const done = spawnSync(tool, [from, to], { input: bytes });
    if (done.status === 2) return null;
    if (done.status !== 0) throw new Error(`tak-message ${from} ${to}: ${done.stderr}`);
    return to === 'json' ? JSON.parse(done.stdout) : done.stdout;
}

const near = (a, b, within) => Math.abs(a - b) <= within;

/** Does what node-cot read say the same as the report? */
function same(cot, report) {
    const { _attributes: event } = cot.raw.event;
    const { _attributes: point } = cot.raw.event.point;
    const detail = cot.raw.event.detail ?? {};
    const movement = detail.track?._attributes ?? {};
    const times = ['time', 'start', 'stale'].every((k) => new Date(event[k]).getTime() === new Date(report[k]).getTime());
    return event.uid === report.uid && event.type === report.type && event.how === report.how && times
        && near(Number(point.lat), report.lat, 1e-9) && near(Number(point.lon), report.lon, 1e-9)
        && near(Number(point.hae), report.hae ?? 9999999, 1e-6) && near(Number(point.ce), report.ce ?? 9999999, 1e-6)
        && near(Number(point.le), report.le ?? 9999999, 1e-6)
        && (detail.contact?._attributes?.callsign ?? '') === (report.callsign ?? '')
        && (report.course === undefined || near(Number(movement.course), report.course, 1e-6))
        && (report.speed === undefined || near(Number(movement.speed), report.speed, 1e-6));
}

/** A message does not tell 0 from nothing where XML has one of course and speed only. */
function filled(report) {
    if (report.course === undefined && report.speed === undefined) return report;
    return { ...report, course: report.course ?? 0, speed: report.speed ?? 0 };
}

const sorted = (o) => JSON.stringify(Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1))));

function theirs(xml) {
    try {
        return new CoT(xml);
    } catch {
        return null;
    }
}

let both = 0;
for (const file of readdirSync(folder).filter((f) => f.endsWith('.cot')).sort()) {
    const xml = readFileSync(join(folder, file));
    const report = made('xml', 'json', xml);
    const cot = theirs(xml.toString());
    if (report === null || cot === null) continue;
    both++;
    check(`${file}: node-cot reads what we write`, same(CoT.from_proto(made('xml', 'message', xml)), report));
    const back = made('message', 'json', cot.to_proto());
    if (back === null) {
        // node-cot writes an '&' of an attribute as it is, so that its xmlDetail is no XML: to be refused
        check(`${file}: only what is no XML is refused`, /&(?!amp;|lt;|gt;|quot;|apos;|#)/.test(Buffer.from(cot.to_proto()).toString('latin1')));
    } else {
        check(`${file}: we read what node-cot writes`, sorted(filled(back)) === sorted(filled(report)), `${sorted(back)} ${sorted(report)}`);
    }
}
check('there are events that both take', both > 0);
console.log(`${both} events in both directions`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
