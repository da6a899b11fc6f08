extension Portal {
  static var style: Response {
    .typed("text/css; charset=utf-8", css)
  }

  private static let css = """
    :root { color-scheme: light dark; --ink: #1d2330; --soft: #596172; --paper: #f5f6f8; --card: #fff; --line: #d5d9e1;
      --blue: #0b57b0; --on-blue: #fff; --red: #b3261e; --green: #17603a; --amber: #6f4d00; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e9ecf2; --soft: #a6aec0; --paper: #14171d; --card: #1e222b;
      --line: #3a4150; --blue: #8ab8ff; --on-blue: #0d1b2e; --red: #ff9c92; --green: #86d9a6; --amber: #f0c465; } }
    * { box-sizing: border-box; }
    body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
    header { background: var(--card); border-bottom: 1px solid var(--line); }
    .bar, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
    .bar { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; padding-block: .75rem; }
    .brand { font-weight: 700; color: var(--ink); text-decoration: none; }
    .brand span { font-weight: 400; color: var(--soft); }
    nav { display: flex; gap: 1rem; }
    .who { margin-left: auto; display: flex; gap: .75rem; align-items: center; text-align: right; line-height: 1.25;
      overflow-wrap: anywhere; font-size: .9rem; }
    main { padding-block: 1.5rem; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
    section h2 { margin-top: 0; }
    section p:last-child { margin-bottom: 0; }
    section form + form { margin-top: 1.25rem; padding-top: .75rem; border-top: 1px solid var(--line); }
    footer { color: var(--soft); font-size: .85rem; padding-bottom: 2rem; }
    a { color: var(--blue); }
    small, .muted { color: var(--soft); font-size: .85rem; }
    .field { margin: 0 0 1rem; }
    .field label, legend { display: block; font-weight: 600; margin-bottom: .25rem; }
    .field input, textarea { width: 100%; font: inherit; color: inherit; background: var(--card); padding: .55rem .65rem;
      border: 1px solid var(--soft); border-radius: .35rem; }
    fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1rem; padding: .6rem .9rem; background: var(--card); }
    legend { padding: 0 .3rem; margin: 0; }
    .option { display: flex; gap: .6rem; align-items: flex-start; padding: .3rem 0; }
    .option input { width: 1.1rem; height: 1.1rem; margin: .2rem 0 0; flex: none; accent-color: var(--blue); }
    .option small { display: block; }
    .groups { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
    button, .button { display: inline-block; font: inherit; font-weight: 600; padding: .55rem 1.1rem; border-radius: .35rem;
      border: 1px solid var(--blue); background: var(--blue); color: var(--on-blue); text-decoration: none; cursor: pointer; }
    button.quiet { background: transparent; color: var(--blue); }
    button.danger { background: transparent; border-color: var(--red); color: var(--red); }
    .who button { padding: .3rem .7rem; }
    .cancel { margin-left: .75rem; }
    :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
    .problem, .done, .note { border-left: .3rem solid; background: var(--card); padding: .6rem .9rem; border-radius: 0 .35rem .35rem 0; }
    .problem { border-color: var(--red); }
    .done { border-color: var(--green); }
    .note { border-color: var(--amber); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1rem; background: var(--card); border: 1px solid var(--line);
      border-radius: .5rem; padding: .9rem 1rem; margin: 0 0 1rem; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    code { font: .9rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
    .value { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; user-select: all; }
    .cards, .chips { list-style: none; padding: 0; margin: 0 0 1rem; }
    .cards a { display: block; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem;
      margin-bottom: .6rem; text-decoration: none; color: inherit; overflow-wrap: anywhere; }
    .cards a:hover { border-color: var(--blue); }
    .cards small { display: block; }
    .chips { display: flex; flex-wrap: wrap; gap: .4rem; }
    .chips li { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .7rem; }
    .badge { color: var(--amber); border: 1px solid; border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; font-weight: 600; }
    """
}
