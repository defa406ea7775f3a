/// How the page looks: light and dark, on a phone and on a wide screen.
enum EvaluationStyle {
    static let text = """
        :root { color-scheme: light dark; --page: #fff; --text: #1c2024; --soft: #5b6470; --line: #d8dde3; --panel: #f6f8fa;
          --j0: #0b62c4; --j1: #c2410c; --j2: #0f7b54; --j3: #8a3ffc; --j4: #a2601a; --j5: #c11a6b; --j6: #47617c; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #14171b; --text: #e6e9ed; --soft: #9aa4b0; --line: #353c45; --panel: #1c2127;
            --j0: #62a8ff; --j1: #ff9a62; --j2: #4ccf98; --j3: #c19bff; --j4: #e0ac62; --j5: #ff7fb5; --j6: #a0b6cd; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 64px; }
        h1 { font-size: 1.7rem; margin: 0 0 4px; }
        h2 { font-size: 1.25rem; margin: 48px 0 0; padding-top: 16px; border-top: 1px solid var(--line); }
        h3 { font-size: 1rem; margin: 24px 0 0; }
        p { margin: 0 0 12px; color: var(--soft); max-width: 70ch; }
        .legend { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 12px -16px;
          padding: 8px 16px; list-style: none; background: var(--page); border-bottom: 1px solid var(--line); }
        .legend li { display: flex; align-items: center; gap: 6px; }
        .strips { display: grid; grid-template-columns: minmax(220px, max-content) 1fr; gap: 6px 16px; align-items: center; }
        .strip { background: var(--panel); border-radius: 4px; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 16px; }
        figure { margin: 0; padding: 8px; background: var(--panel); border-radius: 6px; }
        figcaption { font-size: .85rem; text-align: center; overflow-wrap: anywhere; }
        svg { display: block; overflow: visible; }
        svg text { fill: var(--soft); font-size: 11px; }
        .grid { stroke: var(--line); stroke-width: 1; }
        line { stroke-width: 2; }
        \((0..<7).map { ".j\($0) { stroke: var(--j\($0)); fill: var(--j\($0)); }" }.joined(separator: " "))
        .hollow { fill: var(--page); stroke-width: 2; }
        details { margin-top: 16px; }
        summary { cursor: pointer; color: var(--soft); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
        th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        th[scope=row], td:nth-child(2), th:nth-child(-n+2) { text-align: left; font-weight: normal; }
        thead th { color: var(--soft); font-weight: 600; }
        small { display: block; color: var(--soft); }
        @media (max-width: 640px) {
          .strips { grid-template-columns: 1fr; gap: 2px; }
          .strips .name { margin-top: 8px; font-size: .9rem; overflow-wrap: anywhere; }
        }
        """
}
