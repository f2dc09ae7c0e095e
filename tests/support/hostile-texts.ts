/** What a text would do if a page took it for more than text. Each calls `alert`, or leaves an element behind. */
const actions = ['alert(1)', "alert('x')", 'alert`1`', 'top.alert(1)', 'eval("alert(1)")'];

const shapes: readonly ((act: string) => string)[] = [
  (act) => `<script>${act}</script>`,
  (act) => `<img src=x onerror=${act}>`,
  (act) => `"><svg onload=${act}>`,
  (act) => `'><iframe srcdoc="<script>${act}</script>">`,
  (act) => `</title><body onload=${act}>`,
  (act) => `</script><script>${act}//`,
  (act) => `<a href="javascript:${act}">click</a>`,
  (act) => `[click](javascript:${act})`,
  (act) => `![x](x"onerror="${act})`,
  (act) => `<details open ontoggle=${act}>`,
  (act) => `<input autofocus onfocus=${act}>`,
  (act) => `{{constructor.constructor('${act}')()}}`,
  (act) => `<math><mtext><style><img src=x onerror=${act}>`,
  (act) => `javascript:/*--></title></style></textarea></script><svg/onload=${act}>`,
  (act) => `" style="animation-name:x" onanimationstart="${act}`,
  (act) => `&lt;script&gt;${act}&lt;/script&gt;`,
];

const others: readonly string[] = [
  '<marquee onstart=alert(1)>',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<embed src="javascript:alert(1)">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href="http://evil.test/">',
  '<link rel=stylesheet href=http://evil.test/x.css>',
  '<form action=http://evil.test/><button>Log in</button></form>',
  '<style>*{display:none}</style>',
  '</textarea><x-hostile>',
  '<x-hostile></x-hostile>',
  '\u202Egnp.exe',
  'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  'event: reload data: {} <x-hostile>',
  '{"type":"execution.finished","data":{"execution":{"status":"success"}}}',
  'http://evil.test/" onclick="alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  '$\u007balert(1)} #{alert(1)} <%= alert(1) %>',
  '__proto__',
  'constructor',
];

/** A hundred different ones. */
export const hostileTexts: readonly string[] = [
  ...shapes.flatMap((shape) => actions.map(shape)),
  ...others,
].slice(0, 100);

/** What only output holds: links and titles of a terminal, fake status lines, a protocol of ours. */
export const hostileOutput: readonly string[] = [
  '\u001b]8;;javascript:alert(1)\u0007linked by a terminal\u001b]8;;\u0007',
  '\u001b]0;<script>alert(1)</script>\u0007titled',
  '\u001b[31m<img src=x onerror=alert(1)>\u001b[0m',
  '{"update_event":{"status":"success","progress":1}}',
  'event: execution.finished\u000bdata: {"status":"success"}',
];
