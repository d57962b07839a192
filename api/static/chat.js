// Makes the chat livelier. Without it every form posts and the page comes back whole.
(function () {
  'use strict';
  if (!window.fetch || !window.EventSource || !window.URLSearchParams) return;

  const log = document.getElementById('log');
  const pendings = document.getElementById('pending');
  const write = document.getElementById('write');
  const text = document.getElementById('text');
  const status = document.getElementById('status');
  const problem = document.getElementById('problem');
  const words = write.dataset;
  const base = write.getAttribute('action').replace(/\/chat$/, '');
  const language = document.documentElement.lang;
  const waiting = [];
  let busy = false;
  let quiet = 0;
  let events = null;
  const AGAIN = 5000; // A proxy's error ends a stream for good; after so many milliseconds we ask again.

  // --- Store of this tab: the draft, and whether to go on typing after a reload.
  const store = {
    get(key) { try { return sessionStorage.getItem(key); } catch (error) { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, value); } catch (error) { /* private window: nothing is kept */ } },
  };

  function newOrigin() {
    const bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  // --- Messages: appended in the order of their ids, never twice.
  function add(message) {
    if (document.getElementById('m' + message.id)) return null;
    const holder = document.createElement('template');
    holder.innerHTML = message.html;
    const element = holder.content.querySelector('.message');
    let before = log.lastElementChild;
    while (before && Number(before.dataset.id) > message.id) before = before.previousElementSibling;
    log.insertBefore(element, before ? before.nextElementSibling : log.firstElementChild);
    return element;
  }

  // What someone waits for comes into view; what comes by itself only for who is at the end already.
  function show(messages, asked) {
    const atEnd = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 250;
    messages.forEach(add);
    const elements = messages.map((message) => document.getElementById('m' + message.id));
    const first = elements.find((element) => !element.classList.contains('message--person')) || elements[0];
    if (first && (asked || atEnd)) first.scrollIntoView({ block: 'start' });
  }

  // Only the stream moves the mark: what a post brought may be ahead of a message that is still to come.
  function listen() {
    if (events) return;
    events = new EventSource(base + '/chat/events?after=' + log.dataset.last);
    events.onmessage = (event) => {
      const message = JSON.parse(event.data);
      log.dataset.last = Math.max(Number(log.dataset.last), message.id);
      show([message], false);
    };
    events.onopen = resend;
    events.onerror = () => { if (events && events.readyState === EventSource.CLOSED) { hush(); setTimeout(listen, AGAIN); } };
    events.addEventListener('forgotten', () => { hush(); store.set('unsent', ''); location.replace(base + '/?lang=' + language); });
  }

  function hush() {
    if (events) events.close();
    events = null;
  }

  // --- What is on its way: shown below the log until it is stored, or until someone tries again.
  function pend(form, said) {
    const element = document.createElement('div');
    element.className = 'pending';
    const line = document.createElement('p');
    line.dir = 'auto';
    line.textContent = said;
    const state = document.createElement('small');
    element.append(line, state);
    pendings.append(element);
    element.scrollIntoView({ block: 'nearest' });
    waiting.push({ form, said, element, state, failed: false });
    keep();
    next();
  }

  // A reload loses nothing: sent again with the same origin it is the same message.
  function keep() {
    store.set('unsent', JSON.stringify(waiting.map((item) => [item.form.toString(), item.said])));
  }

  function resend() {
    waiting.filter((item) => item.failed).forEach(again);
  }

  function fail(item) {
    item.failed = true;
    item.element.classList.add('pending--failed');
    item.state.textContent = navigator.onLine ? words.notSent : words.offline;
    say(item.state.textContent);
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'tap';
    retry.textContent = words.retry;
    retry.addEventListener('click', () => { stay(item.element); again(item); });
    item.element.append(retry);
  }

  function again(item) {
    item.failed = false;
    item.element.classList.remove('pending--failed');
    item.element.querySelector('button').remove();
    next();
  }

  function remove(item) {
    waiting.splice(waiting.indexOf(item), 1);
    keep();
    item.element.remove();
  }

  function next() {
    const item = waiting.find((candidate) => !candidate.failed);
    if (busy || !item) return;
    busy = true;
    item.state.textContent = words.connecting;
    say(words.connecting);
    send(item).catch(() => fail(item)).then(() => { busy = false; next(); });
  }

  async function send(item) {
    const response = await fetch(base + '/chat?lang=' + language, {
      method: 'POST', body: item.form, credentials: 'same-origin', headers: { Accept: 'application/json' },
    });
    if (response.status >= 500) throw new Error('server');
    const answer = await response.json();
    if (!response.ok) return refuse(item, answer.error.message);
    remove(item);
    if (answer.forgotten) return location.replace(base + '/?lang=' + answer.language + '&forgotten=1');
    if (answer.language !== language) {
      // Labels, direction and examples change as well: the server has the page in that language.
      store.set('typing', '1');
      location.hash = 'end';
      return location.reload();
    }
    say(words.sent);
    document.querySelectorAll('.examples').forEach((examples) => { examples.hidden = true; });
    show(answer.messages, true);
    listen();
  }

  function refuse(item, message) {
    remove(item);
    if (item.form.has('text') && !text.value) { text.value = item.form.get('text'); grow(); }
    problem.textContent = message;
    problem.hidden = false;
    text.setAttribute('aria-invalid', 'true');
    text.setAttribute('aria-describedby', 'problem');
    say('');
    const set = document.querySelector('.tap--chosen[data-just]');
    if (set) reopen(set);
  }

  function calm() {
    problem.hidden = true;
    text.removeAttribute('aria-invalid');
    text.removeAttribute('aria-describedby');
  }

  function say(what) {
    status.textContent = what;
    clearTimeout(quiet);
    if (what === words.sent) quiet = setTimeout(() => { status.textContent = ''; }, 4000);
  }

  // A button that goes away would take the focus with it. The input is no place for it then: a phone would open its keyboard.
  function stay(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  // --- A set of buttons is used once; what was chosen stays.
  function choose(button) {
    const set = button.closest('fieldset');
    if (!set) return;
    button.classList.add('tap--chosen');
    button.dataset.just = '';
    set.disabled = true;
  }

  function reopen(button) {
    button.classList.remove('tap--chosen');
    button.closest('fieldset').disabled = false;
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.getAttribute('action') !== base + '/chat' || form.classList.contains('languages')) return;
    const typed = form === write;
    const button = event.submitter;
    if (!typed && !button) return; // An old browser does not tell which button: it posts the form itself.
    event.preventDefault();
    if (typed && !text.value.trim()) return;
    const body = new URLSearchParams();
    for (const field of form.querySelectorAll('input[type=hidden]')) body.set(field.name, field.value);
    body.set('origin', newOrigin());
    calm();
    if (typed) {
      body.set('text', text.value);
      pend(body, text.value);
      text.value = '';
      store.set('draft', '');
      grow();
    } else {
      body.set(button.name, button.value);
      const said = button.textContent.trim();
      document.querySelectorAll('[data-just]').forEach((old) => { delete old.dataset.just; });
      choose(button);
      pend(body, said);
      stay(button.closest('.message') || log);
    }
  });

  // --- The input: Enter sends, Shift+Enter is a new line, the draft survives a reload.
  function grow() {
    text.rows = Math.min(5, Math.max(1, text.value.split('\n').length, Math.ceil(text.value.length / 30)));
  }

  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    write.querySelector('button').click();
  });
  text.addEventListener('input', () => { store.set('draft', text.value); grow(); });
  window.addEventListener('online', () => { say(''); resend(); });
  window.addEventListener('offline', () => say(words.offline));
  window.addEventListener('pagehide', hush);
  window.addEventListener('pageshow', (event) => { if (event.persisted && 'live' in log.dataset) listen(); });

  if (!text.value) text.value = store.get('draft') || '';
  grow();
  if (store.get('typing')) { store.set('typing', ''); text.focus({ preventScroll: true }); }
  if ('live' in log.dataset) listen();
  JSON.parse(store.get('unsent') || '[]').forEach(([form, said]) => pend(new URLSearchParams(form), said));
}());
