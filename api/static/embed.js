// Puts the chat on another site: a button, and a frame that opens at a tap. KAART holds the words and the colours.
// <script src="https://…/embed.js" data-lang="ar" data-position="left" data-town="vught" async></script>
const script = document.currentScript;
const { lang, position, town } = script.dataset;
const origin = new URL(script.src).origin;
const code = [lang, document.documentElement.lang.slice(0, 2), 'nl'].find((known) => known in KAART.words);
const words = KAART.words[code];
const side = position === 'left' ? 'left' : 'right';
const base = town ? '/' + encodeURIComponent(town) : KAART.base;

// Styles go on the elements themselves: a site's policy may refuse a style sheet, but never these.
function element(name, style, attributes) {
  const made = document.createElement(name);
  Object.assign(made.style, style);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

const look = {
  font: '700 16px/1.4 system-ui, sans-serif', color: KAART.look.onPrimary, background: KAART.look.primary,
  border: '2px solid ' + KAART.look.onPrimary, borderRadius: '24px', minHeight: '48px', padding: '8px 20px', cursor: 'pointer',
};
const opener = element('button', { ...look, position: 'fixed', bottom: '16px', [side]: '16px', zIndex: '2147483000' },
  { type: 'button', lang: code, dir: words.dir, 'aria-expanded': 'false', 'aria-controls': 'kaart-chat' });
opener.textContent = words.open;

const panel = element('div', {
  position: 'fixed', bottom: '0', [side]: '0', zIndex: '2147483001', boxSizing: 'border-box', display: 'none', flexDirection: 'column',
  width: 'min(100vw, 420px)', height: 'min(100vh, 720px)', background: '#fff', border: '1px solid #6d8085',
}, { id: 'kaart-chat', role: 'dialog', 'aria-label': words.title, lang: code, dir: words.dir });
const closer = element('button', { ...look, borderRadius: '0', border: '0', outlineOffset: '-4px', textAlign: 'start' }, { type: 'button' });
closer.textContent = '\u00d7 ' + words.close;
panel.append(closer);

let frame = null;

function open() {
  if (!frame) {
    // Only now: who does not open the chat loads nothing and gets no cookie.
    frame = element('iframe', { flex: '1', width: '100%', border: '0' }, {
      title: words.title,
      src: origin + base + '/frame/?lang=' + code,
      sandbox: 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals',
      referrerpolicy: 'no-referrer',
    });
    panel.append(frame);
  }
  panel.style.display = 'flex';
  opener.setAttribute('aria-expanded', 'true');
  closer.focus();
}

function close() {
  panel.style.display = 'none';
  opener.setAttribute('aria-expanded', 'false');
  opener.focus();
}

opener.addEventListener('click', open);
closer.addEventListener('click', close);
panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
window.addEventListener('message', (event) => {
  if (frame && event.source === frame.contentWindow && event.origin === origin && event.data === 'kaart:close') close();
});

function put() { document.body.append(opener, panel); }
if (document.body) put(); else document.addEventListener('DOMContentLoaded', put);
