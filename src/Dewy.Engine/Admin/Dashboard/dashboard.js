// The dashboard: asks /api/status every two seconds and whenever an event says that something changed, and shows the
// agent's events as they come. Everything on the page is set as text; nothing that comes from outside becomes markup.

const byId = id => document.getElementById(id);
const refreshMs = 2000;
const patienceMs = 5000;
const mostLines = 1000;
const sparkPoints = 60;
const tokenKey = 'dewy.token';
const levels = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };
const levelTones = ['quiet', 'busy', 'warn', 'bad'];

// Shapes besides colours: states are told apart without seeing either.
const shapes = {
  circle: 'M5 0a5 5 0 1 0 0 10A5 5 0 0 0 5 0Z',
  half: 'M5 0a5 5 0 1 0 0 10A5 5 0 0 0 5 0Zm0 1.600v6.800a3.400 3.400 0 0 1 0-6.800Z',
  triangle: 'M5 .4 10 9.400H0Z',
  ring: 'M5 0a5 5 0 1 0 0 10A5 5 0 0 0 5 0Zm0 2.200a2.800 2.800 0 1 1 0 5.600 2.800 2.800 0 0 1 0-5.600Z',
  square: 'M.8.8h8.400v8.400H.8Z',
};
const replicaStates = {
  healthy: { text: 'Healthy', tone: 'good', shape: 'circle' },
  starting: { text: 'Starting', tone: 'busy', shape: 'half' },
  unhealthy: { text: 'Unhealthy', tone: 'bad', shape: 'triangle' },
  draining: { text: 'Draining', tone: 'warn', shape: 'ring' },
  stopping: { text: 'Stopping', tone: 'quiet', shape: 'ring' },
  exited: { text: 'Exited', tone: 'bad', shape: 'square' },
};
const agentStates = {
  idle: { text: 'Watching', tone: 'good' },
  checking: { text: 'Checking the registry', tone: 'good' },
  deploying: { text: 'Deploying', tone: 'busy' },
  stopping: { text: 'Stopping', tone: 'warn' },
  stopped: { text: 'Stopped', tone: 'quiet' },
};
const results = {
  succeeded: { text: 'Succeeded', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  rolled_back: { text: 'Rolled back', tone: 'warn' },
  interrupted: { text: 'Interrupted', tone: 'quiet' },
};

let status = null;
let deployments = [];
let shown = 8;
let clockOffsetMs = 0;
let gone = false;
let lastAnswer = null;
let traffic = [];
let lastRequests = null;
let refreshing = null;
let refreshAgain = false;

// --- Small things ---------------------------------------------------------------------------------------------------

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'class') made.className = value;
    else if (key === 'text') made.textContent = value;
    else if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Rebuilds a part only when what it shows changed: focus, selection and screen readers are left in peace.
function show(parent, key, build) {
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  parent.replaceChildren(...build());
  if (focused) [...parent.querySelectorAll('[data-focus]')].find(node => node.dataset.focus === focused)?.focus();
}

const now = () => Date.now() + clockOffsetMs;
const absolute = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = text => new Date(text).toLocaleTimeString(undefined, { hour12: false });

function span(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}

function ago(text) {
  const seconds = (now() - Date.parse(text)) / 1000;
  if (seconds < 0) return `in ${coarse(-seconds)}`;
  return seconds < 5 ? 'just now' : `${coarse(seconds)} ago`;
}

function coarse(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

const when = text => element('time', { datetime: text, title: absolute(text), 'data-ago': text, text: ago(text) });
const rate = value => value === null || value === undefined ? '–' : value >= 100 ? Math.round(value).toLocaleString() : value.toFixed(1);

function badge(state) {
  const { text, tone, shape } = state;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 10 10');
  svg.setAttribute('class', 'shape');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shapes[shape]);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  const made = element('span', { class: 'badge', 'data-tone': tone }, svg);
  made.append(text);
  return made;
}

function toast(tone, message, detail) {
  const made = element('div', { class: 'toast', 'data-tone': tone }, element('p', { text: message }), detail ? element('p', { text: detail }) : null);
  byId('toasts').append(made);
  setTimeout(() => made.remove(), tone === 'bad' ? 12000 : 6000);
}

// --- What is asked --------------------------------------------------------------------------------------------------

async function get(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(patienceMs), headers: { Accept: 'application/json' } });
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw new Error(problem?.detail ?? `${path} answered ${response.status}`);
  }
  return response.json();
}

// One question at a time; what comes up meanwhile is asked for once more afterwards.
function refresh() {
  if (refreshing) {
    refreshAgain = true;
    return refreshing;
  }
  refreshing = (async () => {
    do {
      refreshAgain = false;
      try {
        const asked = Date.now();
        const [answer, history] = await Promise.all([get('/api/status'), get('/api/deployments?limit=50')]);
        clockOffsetMs = Date.parse(answer.now) - (asked + Date.now()) / 2;
        status = answer;
        deployments = history.deployments;
        lastAnswer = Date.now();
        setGone(false);
        measure();
        render();
      } catch (error) {
        setGone(true, error);
      }
    } while (refreshAgain);
  })().finally(() => { refreshing = null; });
  return refreshing;
}

function measure() {
  if (!status.proxy) {
    traffic = [];
    lastRequests = null;
    return;
  }
  const at = performance.now();
  if (lastRequests && at - lastRequests.at >= 500) {
    traffic.push(Math.max(0, status.proxy.requests - lastRequests.count) / ((at - lastRequests.at) / 1000));
    if (traffic.length > sparkPoints) traffic.shift();
  }
  if (!lastRequests || at - lastRequests.at >= 500) lastRequests = { at, count: status.proxy.requests };
}

function setGone(isGone, error) {
  const connection = byId('connection');
  connection.dataset.tone = isGone ? 'bad' : 'good';
  setText(byId('connection-text'), isGone ? 'Agent not reachable' : 'Connected');
  document.body.classList.toggle('gone', isGone);
  if (isGone !== gone) {
    gone = isGone;
    lastRequests = null;
  }
  if (isGone) {
    renderNotices(error);
    for (const button of document.querySelectorAll('.actions button, #replicas button')) button.disabled = true;
    if (!status) {
      byId('live').classList.remove('loading');
      setText(byId('live'), 'Unknown');
      byId('live').classList.add('none');
    }
    byId('state').dataset.tone = 'quiet';
    setText(byId('state-text'), 'Unknown');
  }
}

// --- What is shown --------------------------------------------------------------------------------------------------

function render() {
  document.title = `${status.name} · ${status.current_version || 'nothing live'} · Dewy`;
  setText(byId('name'), status.name);
  const mode = byId('mode');
  mode.hidden = false;
  setText(mode, status.command);
  const state = status.pause && status.state === 'idle' ? { text: 'Paused', tone: 'warn' } : agentStates[status.state] ?? agentStates.stopped;
  byId('state').dataset.tone = state.tone;
  setText(byId('state-text'), state.text);
  renderNotices();
  renderVersions();
  renderReplicas();
  renderDeployments();
  renderActions();
  setText(byId('foot'), `Dewy ${status.version} · process ${status.process_id} · ${status.root}`);
  setText(byId('token-path'), `${status.root}/.dewy/admin.token`);
}

function renderNotices(error) {
  const notices = [];
  if (gone) {
    notices.push(['bad', 'The agent does not answer.', `${lastAnswer ? `What you see is from ${new Date(lastAnswer).toLocaleTimeString()}. ` : ''}It has stopped, or is being restarted. This page asks again every ${refreshMs / 1000} seconds and carries on by itself.${error && error.name !== 'TypeError' && error.name !== 'TimeoutError' ? ` (${error.message})` : ''}`]);
  } else if (status) {
    if (status.pause) notices.push(['warn', `Deploying is paused by ${status.pause.by}.`, `Since ${absolute(status.pause.at)}. What runs goes on; new releases wait until someone resumes.`]);
    if (status.pin) notices.push(['warn', `Pinned to ${status.pin.tag} by ${status.pin.by}.`, status.pin.until_newer ? 'A newer release than the newest one then ends the pin.' : 'New releases wait until someone resumes.']);
    if (status.held && !status.pause && !status.blocked.some(blocked => blocked.tag === status.held.tag)) notices.push(['warn', `${status.held.tag} waits: ${status.held.reason}`, '“Deploy now” with its option does not wait. Held back since', status.held.since]);
    for (const blocked of status.blocked) notices.push(['bad', `${blocked.tag} is blocked: ${blocked.reason}`, `Failed ${blocked.failures === 1 ? 'once' : `${blocked.failures} times`}. “Deploy now” with its option tries at once; otherwise it is tried again`, blocked.retry_at]);
  }
  show(byId('notices'), JSON.stringify(notices), () => notices.map(([tone, title, detail, due]) => element('div', { class: 'notice', 'data-tone': tone }, element('p', {}, element('strong', { text: title })), element('p', {}, detail, ...(due ? [' ', when(due), '.'] : [])))));
}

function renderVersions() {
  const live = byId('live');
  live.classList.remove('loading');
  live.classList.toggle('none', !status.current);
  setText(live, status.current?.tag ?? 'Nothing yet');
  show(byId('live-detail'), `${status.current?.deployed_at}`, () => status.current ? ['Deployed ', when(status.current.deployed_at)] : ['The first release goes live as soon as it is found.']);

  const newest = byId('newest');
  newest.classList.toggle('none', !status.newest_version);
  setText(newest, status.newest_version ?? 'Unknown');
  const isLive = status.newest_version && status.newest_version === status.current?.tag;
  show(byId('newest-detail'), `${isLive} ${status.last_check}`, () => status.last_check ? [isLive ? 'Live · checked ' : 'Checked ', when(status.last_check)] : ['Not asked yet']);

  const previous = byId('previous');
  previous.classList.toggle('none', !status.previous);
  setText(previous, status.previous?.tag ?? 'None');
  show(byId('previous-detail'), `${status.previous?.deployed_at}`, () => status.previous ? ['Deployed ', when(status.previous.deployed_at)] : []);

  const facts = [];
  if (status.registry) facts.push(['Registry', status.registry]);
  if (status.proxy) facts.push(['Proxy', status.proxy.listen.join(', ')]);
  facts.push(['Agent started', when(status.started_at)]);
  show(byId('facts'), JSON.stringify([status.registry, status.proxy?.listen, status.started_at]), () => facts.map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', {}, value))));
}

function renderReplicas() {
  const replicas = status.replicas;
  const processes = replicas.length === 0 ? status.processes : [];
  const healthy = replicas.filter(replica => replica.state === 'healthy').length;
  setText(byId('replicas-heading'), processes.length > 0 || (status.command === 'server' && !status.proxy) ? 'Program' : 'Replicas');
  setText(byId('replicas-summary'), replicas.length > 0 ? `${healthy} of ${replicas.length} healthy` : '');
  renderTraffic();

  const empty = byId('replicas-empty');
  empty.hidden = replicas.length + processes.length > 0;
  setText(empty, status.command === 'assets'
    ? 'This application is files only: nothing runs.'
    : status.current ? 'Nothing runs right now. The agent starts what is live in its next cycle.' : 'Nothing runs yet, because nothing has been deployed.');
  byId('replicas').hidden = !empty.hidden;

  const columns = processes.length > 0
    ? [['State'], ['Process'], ['Version'], ['Started']]
    : [['State'], ['Replica'], ['Version'], ['In flight', 'number'], ['Requests/s', 'number'], ['Latency', 'number'], ['Failures', 'number'], ['Started'], ['']];
  show(byId('replicas-columns'), JSON.stringify(columns), () => columns.map(([name, kind]) => element('th', { scope: 'col', class: kind }, name ? name : element('span', { class: 'visually-hidden', text: 'Operation' }))));
  const shownNow = replicas.length > 0 ? replicas : processes;
  show(byId('replicas-rows'), JSON.stringify([shownNow, gone]), () => replicas.length > 0 ? replicas.map(replicaRow) : processes.map(processRow));
}

function replicaRow(replica) {
  const canDrain = replica.state === 'healthy' || replica.state === 'unhealthy';
  return element('tr', {},
    element('td', { class: 'is' }, badge(replicaStates[replica.state] ?? replicaStates.exited)),
    element('td', { class: 'wide' },
      element('span', { class: 'mono', text: replica.name }),
      element('span', { class: 'sub', text: [replica.addresses[0], replica.process_id ? `process ${replica.process_id}` : null, replica.image ? replica.id.slice(0, 12) : null].filter(Boolean).join(' · ') }),
      replica.problem ? element('span', { class: 'sub trouble', text: replica.problem }) : null),
    element('td', { 'data-label': 'Version', text: replica.tag }),
    element('td', { 'data-label': 'In flight', class: 'number', text: replica.in_flight.toLocaleString() }),
    element('td', { 'data-label': 'Requests/s', class: 'number', text: rate(replica.requests_per_second) }),
    element('td', { 'data-label': 'Latency', class: 'number', text: replica.latency === null ? '–' : span(replica.latency) }),
    element('td', { 'data-label': 'Failures', class: 'number', text: replica.failures.toLocaleString() }),
    element('td', { 'data-label': 'Started', class: 'nowrap' }, when(replica.started_at)),
    element('td', { class: 'act' }, element('button', { class: 'small', type: 'button', disabled: !canDrain, 'data-focus': `drain ${replica.id}`, 'aria-label': `Drain ${replica.name}`, text: 'Drain…', onclick: () => askDrain(replica) })));
}

function processRow(process) {
  const state = process.stopping ? replicaStates.stopping : process.ready ? { text: 'Ready', tone: 'good', shape: 'circle' } : replicaStates.starting;
  return element('tr', {},
    element('td', { class: 'wide' }, badge(state)),
    element('td', { class: 'wide' }, element('span', { class: 'mono', text: String(process.process_id) }), element('span', { class: 'sub', text: `generation ${process.generation}` })),
    element('td', { 'data-label': 'Version', text: process.tag }),
    element('td', { 'data-label': 'Started', class: 'nowrap' }, when(process.started_at)));
}

function renderTraffic() {
  const proxy = status.proxy;
  byId('traffic').hidden = !proxy;
  if (!proxy) return;
  const figures = [
    ['Requests/s', traffic.length > 0 ? rate(traffic.at(-1)) : '–'],
    ['In flight', proxy.in_flight.toLocaleString()],
    ['Connections', proxy.connections.toLocaleString()],
    ['Requests', proxy.requests.toLocaleString()],
    ['Failures', proxy.failures.toLocaleString()],
  ];
  show(byId('proxy-facts'), JSON.stringify(figures), () => figures.map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', { text: value }))));
  byId('spark').classList.toggle('waiting', traffic.length < 2);
  const highest = Math.max(1, ...traffic);
  const points = traffic.map((value, index) => `${((sparkPoints - traffic.length + index) / (sparkPoints - 1) * 240).toFixed(1)},${(38 - value / highest * 34).toFixed(1)}`);
  byId('spark-line').setAttribute('points', points.join(' '));
  byId('spark-area').setAttribute('points', points.length > 0 ? `${points[0].split(',')[0]},40 ${points.join(' ')} 240,40` : '');
}

function renderDeployments() {
  byId('deployments-empty').hidden = deployments.length > 0;
  const failed = deployments.filter(deployment => deployment.result !== 'succeeded').length;
  setText(byId('deployments-summary'), deployments.length === 0 ? '' : `last ${deployments.length}${failed > 0 ? `, ${failed} not successful` : ''}`);
  byId('deployments-more').hidden = deployments.length <= shown;
  const visible = deployments.slice(0, shown);
  const busy = status.state === 'deploying';
  show(byId('deployments'), JSON.stringify([visible.map(deployment => deployment.id), busy, new Date(now()).toDateString()]), () => {
    const entries = busy ? [element('li', { 'data-tone': 'busy' }, element('span', { class: 'mark', 'aria-hidden': 'true' }), element('div', { class: 'entry-head' }, element('span', { class: 'what', text: 'A deployment is under way' }), element('span', { class: 'result', text: 'Now' })), element('p', { class: 'entry-detail', text: 'Its steps are in the log.' }))] : [];
    let day = null;
    for (const deployment of visible) {
      const started = new Date(deployment.started_at);
      if (started.toDateString() !== day) {
        day = started.toDateString();
        entries.push(element('li', { class: 'day', text: dayName(started) }));
      }
      entries.push(deploymentEntry(deployment));
    }
    return entries;
  });
}

function dayName(date) {
  const days = Math.round((new Date(new Date(now()).toDateString()) - new Date(date.toDateString())) / 86400000);
  return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : date.toLocaleDateString(undefined, { dateStyle: 'full' });
}

function deploymentEntry(deployment) {
  const result = results[deployment.result] ?? results.interrupted;
  const total = deployment.phases.reduce((sum, phase) => sum + phase.duration, 0);
  const phases = total > 0 ? element('div', { class: 'phases', role: 'img', 'aria-label': `Phases: ${deployment.phases.map(phase => `${phase.phase} ${span(phase.duration)}`).join(', ')}` }) : null;
  for (const phase of phases ? deployment.phases : []) {
    const part = element('span');
    part.style.flexGrow = String(Math.max(phase.duration / total, .01));
    phases.append(part);
  }
  return element('li', { 'data-tone': result.tone },
    element('span', { class: 'mark', 'aria-hidden': 'true' }),
    element('div', { class: 'entry-head' },
      element('span', { class: 'what', text: deployment.previous_tag && deployment.previous_tag !== deployment.tag ? `${deployment.previous_tag} → ${deployment.tag}` : deployment.tag }),
      element('span', { class: 'result', text: result.text }),
      element('time', { datetime: deployment.started_at, title: absolute(deployment.started_at), text: clock(deployment.started_at) })),
    element('p', { class: 'entry-detail', text: `${span(deployment.duration)} · ${deployment.requested_by}` }),
    deployment.error ? element('p', { class: 'entry-detail trouble', text: deployment.error.message }) : null,
    deployment.error?.next_step ? element('p', { class: 'entry-detail', text: deployment.error.next_step }) : null,
    phases,
    phases ? element('p', { class: 'phase-names', 'aria-hidden': 'true', text: deployment.phases.map(phase => `${phase.phase} ${span(phase.duration)}`).join(' · ') }) : null);
}

function renderActions() {
  const stopping = status.state === 'stopping' || status.state === 'stopped';
  byId('deploy').disabled = gone || stopping;
  byId('pause').disabled = gone || stopping || Boolean(status.pause);
  byId('resume').disabled = gone || stopping || !(status.pause || status.pin);
  byId('rollback').disabled = gone || stopping || rollbackTargets().length === 0;
  byId('forget').hidden = !sessionStorage.getItem(tokenKey);
}

// --- The log --------------------------------------------------------------------------------------------------------

const quietFields = new Set(['event', 'time', 'level', 'msg']);
const changes = /^(agent|deployment|backend|replica|generation|server|release|proxy|rolling|recovered|cycle|restart|current)/;
function listen() {
  const source = new EventSource('/api/events?replay=200');
  source.onopen = () => refresh();
  source.onmessage = message => {
    const line = JSON.parse(message.data);
    addLine(line, message.lastEventId);
    if (changes.test(line.event)) refresh();
  };
  source.addEventListener('dropped', message => addGap(`${JSON.parse(message.data).count} lines were left out: this page could not keep up.`));
  source.onerror = () => {
    refresh();
    // A browser gives up where the answer is not a stream, as behind a tunnel whose other end is gone.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, refreshMs);
  };
}

const seen = new Set();

function addLine(line, id) {
  if (seen.has(id)) return;
  seen.add(id);
  if (seen.size > 2 * mostLines) seen.delete(seen.values().next().value);
  const level = levels[line.level] ?? 1;
  const fields = Object.entries(line).filter(([key]) => !quietFields.has(key)).map(([key, value]) => `${key}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : value}`).join(' ');
  const text = element('span', { class: 'text' }, line.msg);
  if (fields) text.append(' ', element('span', { class: 'fields', text: fields }));
  append(element('div', { class: 'line', 'data-level': level, 'data-tone': levelTones[level], hidden: level < Number(byId('log-level').value) },
    element('time', { datetime: line.time, title: absolute(line.time), text: clock(line.time) }),
    element('span', { class: 'level', text: line.level }),
    text));
}

function addGap(text) {
  append(element('div', { class: 'line gap', 'data-level': 3, text }));
}

function append(node) {
  const log = byId('log');
  log.append(node);
  while (log.childElementCount > mostLines) log.firstElementChild.remove();
  if (byId('log-follow').checked) log.scrollTop = log.scrollHeight;
}

byId('log-level').addEventListener('change', event => {
  for (const line of byId('log').children) line.hidden = Number(line.dataset.level) < Number(event.target.value);
  if (byId('log-follow').checked) byId('log').scrollTop = byId('log').scrollHeight;
});
byId('log').addEventListener('scroll', () => {
  const log = byId('log');
  byId('log-follow').checked = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
});
byId('log-follow').addEventListener('change', event => {
  if (event.target.checked) byId('log').scrollTop = byId('log').scrollHeight;
});

// --- Operations -----------------------------------------------------------------------------------------------------

const asking = new Map(); // dialog → gives up the question it was last opened for

// Resolves with whether the person went on rather than away. A dialog tells of its close only later, and may be open again
// by then: that is for the question before.
function ask(dialog) {
  asking.get(dialog)?.();
  return new Promise(resolve => {
    const form = dialog.querySelector('form');
    let wentOn = false;
    const submit = event => { event.preventDefault(); wentOn = true; dialog.close(); };
    const closed = () => { if (!dialog.open) end(); };
    const end = () => {
      form.removeEventListener('submit', submit);
      dialog.removeEventListener('close', closed);
      asking.delete(dialog);
      resolve(wentOn);
    };
    form.addEventListener('submit', submit);
    dialog.addEventListener('close', closed);
    asking.set(dialog, end);
    dialog.showModal();
  });
}

for (const button of document.querySelectorAll('[data-close]')) button.addEventListener('click', () => button.closest('dialog').close());

async function askToken(error) {
  const field = byId('token');
  field.value = '';
  byId('token-error').hidden = !error;
  setText(byId('token-error'), error ?? '');
  if (!await ask(byId('token-dialog'))) return null;
  const token = field.value.trim();
  field.value = '';
  sessionStorage.setItem(tokenKey, token);
  return token;
}

async function operate(button, path, order) {
  let token = sessionStorage.getItem(tokenKey) ?? await askToken();
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  try {
    while (token) {
      const response = await fetch(path, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ by: 'dashboard', ...order }),
        signal: AbortSignal.timeout(30000),
      });
      const answer = await response.json();
      if (response.ok) {
        const result = answer.deployment ? results[answer.deployment.result] : null;
        toast(result?.tone ?? 'good', answer.message, answer.deployment?.error?.next_step);
        break;
      }
      if (response.status === 401) {
        sessionStorage.removeItem(tokenKey);
        token = await askToken(answer.detail);
        continue;
      }
      toast('bad', answer.detail ?? answer.title, answer.next_step);
      break;
    }
  } catch (error) {
    toast('bad', 'The agent did not answer.', error.message);
  } finally {
    button.removeAttribute('aria-busy');
    await refresh();
    if (status && !gone) renderActions();
  }
}

function rollbackTargets() {
  const tags = [status?.previous?.tag, ...deployments.filter(deployment => deployment.result === 'succeeded').map(deployment => deployment.tag)];
  return [...new Set(tags.filter(tag => tag && tag !== status?.current?.tag))];
}

async function askDrain(replica) {
  setText(byId('drain-name'), replica.name);
  if (await ask(byId('drain-dialog'))) await operate(byId('drain-form').querySelector('.primary'), '/api/drain', { replica: replica.id });
  byId('drain-form').querySelector('.primary').disabled = false;
}

byId('deploy').addEventListener('click', async event => {
  byId('deploy-force').checked = status.blocked.length > 0;
  byId('deploy-tag').value = '';
  byId('deploy-tags').replaceChildren(...[...new Set([status.newest_version, ...rollbackTargets()].filter(Boolean))].map(tag => element('option', { value: tag })));
  if (!await ask(byId('deploy-dialog'))) return;
  const tag = byId('deploy-tag').value.trim();
  if (tag) await operate(event.target, '/api/pin', { tag });
  else await operate(event.target, '/api/deploy', { force: byId('deploy-force').checked });
});
byId('pause').addEventListener('click', event => operate(event.target, '/api/pause', {}));
byId('resume').addEventListener('click', event => operate(event.target, '/api/resume', {}));
byId('rollback').addEventListener('click', async event => {
  const target = byId('rollback-to');
  target.replaceChildren(...rollbackTargets().map((tag, index) => element('option', { value: tag, text: index === 0 && tag === status.previous?.tag ? `${tag} (previous)` : tag })));
  if (await ask(byId('rollback-dialog'))) await operate(event.target, '/api/rollback', { to: target.value, until_newer: byId('rollback-until').checked });
});
byId('forget').addEventListener('click', () => {
  sessionStorage.removeItem(tokenKey);
  byId('forget').hidden = true;
  toast('quiet', 'The token is forgotten.');
});
byId('deployments-more').addEventListener('click', () => {
  shown += 12;
  renderDeployments();
});

// --- Time goes on ---------------------------------------------------------------------------------------------------

setInterval(() => {
  for (const node of document.querySelectorAll('[data-ago]')) setText(node, ago(node.dataset.ago));
}, 1000);
setInterval(() => { if (!document.hidden) refresh(); }, refreshMs);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
refresh();
listen();
