// The launcher's style. Important throughout: an important rule of a shadow tree outranks even
// an important rule of the host's page. Set through a constructed sheet: no `unsafe-inline`.

const SHEET = `
:host{all:initial!important;display:contents!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
.k{--a:#0a7456;--b:#075a43;--on:#fff;--paper:#fafbfb;--ink:#26343a;--focus:#2468d6;position:fixed;z-index:2147483647;font:14px/1.5 system-ui,sans-serif;color:var(--ink)}
@media(prefers-color-scheme:dark){.k{--a:#45c799;--b:#74dcb7;--on:#04211a;--paper:#0f1517;--ink:#cfd8da;--focus:#86b8ff}}
.go{display:grid;place-items:center;width:56px;height:56px;padding:0;border:0;border-radius:50%;background:var(--a);color:var(--on);cursor:pointer;box-shadow:0 1px 2px #111b1f33,0 6px 20px #111b1f38;transition:background .12s,transform .12s}
.go:hover{background:var(--b)}
.go:active{transform:scale(.95)}
.go:focus-visible,a:focus-visible{outline:3px solid var(--focus);outline-offset:3px}
svg{grid-area:1/1;width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round;transition:opacity .12s,transform .2s}
[aria-expanded=true] svg:first-child,[aria-expanded=false] svg:last-child{opacity:0;transform:rotate(45deg)}
.n{position:absolute;top:-3px;inset-inline-end:-3px;min-width:21px;padding:0 5px;border:2px solid #fff;border-radius:11px;background:#b3261f;color:#fff;font:600 11px/17px system-ui;text-align:center;pointer-events:none}
.w{width:384px;height:640px;max-width:calc(100vw - 32px);overflow:hidden;border-radius:16px;background:var(--paper);box-shadow:0 0 0 1px #111b1f12,0 4px 12px #111b1f14,0 16px 48px #111b1f33;visibility:hidden;opacity:0;transform:translateY(8px);transition:opacity .2s,transform .2s,visibility 0s .2s}
.w.on{visibility:visible;opacity:1;transform:none;transition:opacity .2s,transform .2s}
.w.full{width:100vw;max-width:none;height:100dvh;border-radius:0}
iframe{display:block;position:relative;width:100%;height:100%;border:0;opacity:0;transition:opacity .2s;color-scheme:light dark}
iframe.up{opacity:1}
.p{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;padding:24px}
.p:empty::before{content:"";width:12px;height:12px;border-radius:50%;background:var(--a);animation:d .8s infinite alternate}
@keyframes d{0%{opacity:.2}}
a{color:inherit}
.e{position:absolute;outline:0}
@media(prefers-reduced-motion:reduce){*{transition-duration:1ms!important;animation:none!important}}
@media print{.k{display:none}}
@media(forced-colors:active){.go,.w{border:1px solid}}
`;

export function dress(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
}
