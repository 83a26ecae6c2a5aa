import '@fontsource-variable/golos-text/wght.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { setLang } from './i18n/index.svelte';
import { view } from './state/view.svelte';

// Russian first; an address that names a language (as those of the pages do, or after #), or a browser that prefers English, is followed.
const asked = new URLSearchParams(location.search).get('lang');
const preferred = [asked ?? '', ...navigator.languages].find((tag) => /^(ru|en)\b/.test(tag));
setLang(preferred?.startsWith('en') ? 'en' : 'ru');
view.read(location.hash);

export default mount(App, { target: document.getElementById('app')! });
