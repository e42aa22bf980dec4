// Reads one JSON object per line (message in base64, client facts, DNS answers), writes what mailauth says.
// The modules are taken one by one: the package's main file also loads what needs a newer node.
import { createInterface } from 'node:readline';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { spf } from 'mailauth/lib/spf/index.js';
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js';

const failure = code => Object.assign(new Error(code), { code });

// `dns` maps "name TYPE" to records, and "name *" to "TEMPFAIL"; a name with other types is empty.
const resolverOf = dns => async (name, type) => {
    const key = name.toLowerCase().replace(/\.$/, '');
    if (dns[`${key} *`] === 'TEMPFAIL') {
        throw failure('ESERVFAIL');
    }
    const records = dns[`${key} ${type}`];
    if (!records) {
        const exists = Object.keys(dns).some(known => known.split(' ')[0] === key || known.split(' ')[0].endsWith(`.${key}`));
        throw failure(exists ? 'ENODATA' : 'ENOTFOUND');
    }
    if (type === 'TXT') {
        return records.map(text => [text]);
    }
    if (type === 'MX') {
        return records.map(text => ({ priority: Number(text.split(' ')[0]), exchange: text.split(' ')[1] }));
    }
    return records;
};

const check = async ({ id, message, ip, helo, sender, now, dns }) => {
    const resolver = resolverOf(dns);
    const signed = await dkimVerify(Buffer.from(message, 'base64'), { resolver, sender, strict: true, curTime: new Date(now) });
    const policy = await spf({ resolver, ip, helo, sender, mta: 'desk.example', strict: true });
    const passed = signed.results.filter(one => one.status.result === 'pass');
    const dmarc = await evaluateDmarc({
        headerFrom: signed.headerFrom,
        fromFields: signed.fromFields,
        spfDomains: policy.status.result === 'pass' ? [policy.domain] : [],
        dkimDomains: passed.map(one => ({ id: one.id, domain: one.signingDomain, aligned: one.status.aligned, underSized: one.status.underSized })),
        resolver,
        strict: true
    });
    return {
        id,
        dkim: signed.results.filter(one => one.status.result !== 'none').map(one => ({ domain: one.signingDomain ?? '', result: one.status.result, comment: String(one.status.comment || '') })),
        spf: policy.status.result,
        dmarc: dmarc.response ? dmarc.response.status.result : 'none',
        policy: dmarc.response?.policy ?? ''
    };
};

for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    const answer = await check(asked).catch(error => ({ id: asked.id, error: String(error) }));
    process.stdout.write(JSON.stringify(answer) + '\n');
}
