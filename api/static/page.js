// On every page of the chat: the size of the letters, reading aloud, printing, and the worker that answers without internet.
(function () {
  'use strict';
  const { base, framed } = document.currentScript.dataset;
  const root = document.documentElement;
  const STEPS = ['1', '2', '3'];

  // --- Size of the letters, kept on this device.
  const sizes = document.querySelector('.sizes');

  function resize(step) {
    root.dataset.size = step;
    if (sizes) sizes.querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.size === step)));
  }

  function kept() {
    try { return localStorage.getItem('kaart-size'); } catch (error) { return null; }
  }

  if (STEPS.includes(kept())) resize(kept());
  if (sizes) {
    sizes.hidden = false;
    sizes.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      resize(button.dataset.size);
      try { localStorage.setItem('kaart-size', button.dataset.size); } catch (error) { /* private window: for this page only */ }
    });
  }

  // --- Reading aloud: only on tapping, and only with a voice on the device: others would send the words to a company.
  const speech = window.speechSynthesis;
  let reading = null;

  function voiceFor(language) {
    return speech.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language);
  }

  function offer() {
    document.querySelectorAll('[data-read]').forEach((button) => {
      button.hidden = !voiceFor(spoken(button).lang);
    });
  }

  function spoken(button) {
    return button.closest('.message').querySelector('.message__body');
  }

  function label(button) {
    const words = button.querySelector('span');
    const other = button.dataset.stop;
    button.dataset.stop = words.textContent;
    words.textContent = other;
  }

  function stop() {
    if (!reading) return;
    label(reading);
    reading = null;
    speech.cancel();
  }

  function read(button) {
    const body = spoken(button);
    const pieces = [...body.querySelectorAll('h2, h3, p:not(.source):not(.note), dt, dd, li')].map((piece) => piece.innerText.trim());
    stop();
    reading = button;
    label(button);
    pieces.filter(Boolean).forEach((piece, place, all) => {
      const words = new SpeechSynthesisUtterance(piece);
      words.voice = voiceFor(body.lang);
      words.lang = words.voice.lang;
      if (place === all.length - 1) words.onend = () => { if (reading === button) stop(); };
      speech.speak(words);
    });
  }

  if (speech && window.SpeechSynthesisUtterance) {
    document.addEventListener('click', (event) => {
      const button = event.target.closest('[data-read]');
      if (button) { if (button === reading) stop(); else read(button); }
    });
    if (speech.addEventListener) speech.addEventListener('voiceschanged', offer);
    const log = document.getElementById('log');
    if (log) new MutationObserver(offer).observe(log, { childList: true });
    window.addEventListener('pagehide', stop);
    offer();
  }

  // --- Printing.
  document.querySelectorAll('[data-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });

  // --- In a frame Escape goes back to the page around it. On its own the page can be installed.
  if (framed !== undefined) {
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') window.parent.postMessage('kaart:close', '*'); });
  } else if (navigator.serviceWorker) {
    // By its Cache-Control: asked for at every page, it would cost as much as the page.
    navigator.serviceWorker.register(base + '/sw.js', { scope: base + '/', updateViaCache: 'all' }).catch(() => { /* without it the page works as well */ });
    caches.open('kaart-language').then((cache) => cache.put(base + '/language', new Response(root.lang))).catch(() => {});
  }
}());
