extension HTMLReport {
  package static let markup = """
    <a class="skip" href="#shares">To who shared what with whom</a>
    <header>
    <h1>Share log</h1>
    <dl id="facts"></dl>
    <div id="verdict" class="busy" data-state="busy" role="status" aria-live="polite">
    <p id="verdict-title">Verifying…</p>
    <ul id="verdict-lines"></ul>
    <p id="caveat" class="quiet" hidden>The page checked itself, in this browser. Whoever could replace the file could replace the page: compare the \
    genesis and the root with those from another member, or run <code>custody log verify</code>.</p>
    </div>
    <p id="summary" hidden></p>
    <p id="until-fault" class="bad-note" hidden></p>
    <noscript><p>Not verified, and nothing is shown: this page needs JavaScript. The log is in this file, as lines of JSON.</p></noscript>
    </header>
    <main>
    \(section("shares", "Who shared which tenant-level token with whom"))
    \(section("exposure", "What is exposed now"))
    \(section("matrix", "Who holds what now"))
    \(section("expiring", "What ends soon"))
    \(section("denied", "Denied and failed"))
    \(section("void", "Entries that count for nothing"))
    \(section("timeline", "Over time"))
    \(section("tenants", "By tenant"))
    \(section("admins", "By admin"))
    \(section("people", "By member"))
    <section id="entries" hidden aria-labelledby="entries-title"><h2 id="entries-title">The whole log</h2>
    <div id="controls" role="search">
    <label>Text <input id="by-text" type="search" autocomplete="off"></label>
    <label>Action <select id="by-action"><option value="">all</option></select></label>
    <label>Member <select id="by-member"><option value="">all</option></select></label>
    <label>Tenant <select id="by-tenant"><option value="">all</option></select></label>
    <label>Outcome <select id="by-outcome"><option value="">all</option><option>ok</option><option>denied</option><option>error</option></select></label>
    <label>From <input id="since" type="date"></label>
    <label>To <input id="until" type="date"></label>
    </div>
    <p id="pager"><button id="earlier" type="button">Earlier</button> <span id="count" aria-live="polite"></span> \
    <button id="later" type="button">Later</button></p>
    <div id="rows"></div></section>
    </main>
    <dialog id="entry" aria-labelledby="entry-title"><h2 id="entry-title"></h2><div id="entry-body"></div>
    <p><button id="close" type="button">Close</button></p></dialog>
    """

  private static func section(_ id: String, _ title: String) -> String {
    "<section id=\"\(id)\" hidden aria-labelledby=\"\(id)-title\"><h2 id=\"\(id)-title\">\(title)</h2><div class=\"body\"></div></section>"
  }

  package static let style = """

    :root { color-scheme: light dark; --ink: #16191d; --soft: #59616b; --rule: #d5d9de; --paper: #fff; --wash: #f4f5f7;
      --good: #0b5c8a; --bad: #a83a00; --bar: #35607f; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e4e7ea; --soft: #9aa4ae; --rule: #343b43; --paper: #14171a; --wash: #1c2126; --good: #79bdea;
        --bad: #ff9d5c; --bar: #7fa9c9; }
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 15px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
    h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .75rem; }
    h2 { font-size: 1.05rem; font-weight: 600; margin: 2.25rem 0 .6rem; }
    h3 { font-size: .95rem; font-weight: 600; margin: 1.25rem 0 .4rem; }
    p { margin: .4rem 0; max-width: 46rem; }
    code, pre { font: .86em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
    .quiet { color: var(--soft); font-size: .87rem; }
    .unproved { color: var(--soft); font-style: italic; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
    :focus-visible { outline: 2px solid var(--good); outline-offset: 2px; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; margin: 0; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    #verdict { margin-top: 1rem; padding: .7rem 1rem; border: 1px solid var(--rule); border-left: 5px solid var(--soft); background: var(--wash); }
    #verdict.good { border-left-color: var(--good); }
    #verdict.bad { border: 2px solid var(--bad); border-left-width: 8px; }
    #verdict-title { font-size: 1.1rem; font-weight: 600; margin: 0; }
    #verdict-lines { list-style: none; margin: .4rem 0 0; padding: 0; }
    #verdict-lines .sign { display: inline-block; width: 1.4em; font-weight: 700; color: var(--good); }
    #verdict-lines .open .sign { color: var(--soft); }
    .bad-note { color: var(--bad); font-weight: 600; margin-top: .8rem; }
    #summary { margin-top: .8rem; font-weight: 600; max-width: none; }
    a { color: inherit; text-underline-offset: 2px; }
    #verdict-lines .bad .sign, .bad #verdict-title { color: var(--bad); }
    .busy #verdict-title::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .5em; border: 2px solid var(--soft);
      border-right-color: transparent; border-radius: 50%; animation: turn 1s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn); } }
    .scroll { overflow-x: auto; position: relative; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    .aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    th, td { text-align: left; vertical-align: top; padding: .32rem .9rem .32rem 0; border-bottom: 1px solid var(--rule); }
    th { font-weight: 500; }
    thead th { color: var(--soft); font-size: .82rem; white-space: nowrap; border-bottom: 1px solid var(--soft); }
    .n { text-align: right; }
    time, .mark { white-space: nowrap; }
    td bdi, th bdi { overflow-wrap: break-word; }
    td:has(> bdi), td:has(> code) { min-width: 11rem; overflow-wrap: anywhere; }
    .mark.exposed, .mark.unseen { color: var(--bad); font-weight: 600; }
    .mark.before, .mark.out { color: var(--soft); }
    svg { display: block; width: 100%; min-width: 36rem; max-width: 58rem; }
    svg text { font-size: 12px; fill: var(--soft); }
    .lane { text-anchor: end; }
    .axis { stroke: var(--rule); }
    .bar { fill: var(--bar); }
    .bar.bad { fill: var(--bad); }
    button, input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 3px; padding: .2rem .5rem; max-width: 100%; }
    button:disabled { color: var(--soft); border-color: var(--rule); }
    button.link { border: 0; padding: 0; background: none; text-decoration: underline; text-underline-offset: 2px; cursor: pointer; }
    #controls { display: flex; flex-wrap: wrap; gap: .5rem .9rem; }
    #controls label { color: var(--soft); font-size: .87rem; }
    #controls input, #controls select { display: block; color: var(--ink); }
    dialog { width: min(56rem, 94vw); color: inherit; background: var(--paper); border: 1px solid var(--soft); }
    dialog h2 { margin-top: 0; }
    pre { white-space: pre-wrap; background: var(--wash); padding: .7rem; }
    @media (max-width: 40rem) { body { padding: 1rem .9rem 3rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .35rem; } }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
    @media print {
      :root { --ink: #000; --soft: #333; --rule: #999; --paper: #fff; --wash: #fff; --good: #000; --bad: #000; --bar: #333; color-scheme: light; }
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      table { font-size: 8.5pt; } thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; }
      .scroll { overflow: visible; } .skip, #controls, #pager, dialog { display: none; } button.link { text-decoration: none; }
      svg { min-width: 0; } @page { margin: 15mm; }
    }

    """
}
