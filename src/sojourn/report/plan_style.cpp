#include "sojourn/report/plan_sections.h"

namespace sojourn::report {

std::string plan_style() {
  return R"css(
:root{--good:#006b4f;--bad:#a13a00}
@media (prefers-color-scheme:dark){:root{--good:#6fd6ae;--bad:#ffb07a}}
.question{font-size:16px;margin-top:10px;max-width:95ch;color:var(--soft)}
.verdict{margin-top:16px;padding:14px 18px;background:var(--card);border:1px solid var(--faint);border-left:5px solid var(--good);
border-radius:6px}
.verdict.none{border-left-color:var(--bad)}
.verdict .answer{margin:0;overflow-wrap:anywhere}
.verdict .note{margin-top:4px}
.header-facts{margin-top:20px}
table.plan td,table.plan th,table.scans td,table.scans th{vertical-align:top}
table.plan{font-size:12.5px}.plan sup,.excluded sup{line-height:0}.verdict span{white-space:normal}.plan td,.plan th{padding:4px 5px}.plan thead th{font-size:12px}
table.plan thead th,table.scans thead th{vertical-align:bottom}
table.plan thead .over{text-align:center;border-bottom:1px solid var(--line)}
.plan tbody th[scope=row],.scans tbody th[scope=row]{text-align:left;min-width:128px;font-weight:600;overflow-wrap:anywhere}
.plan small,.scans small{display:block;font-size:11.5px;font-weight:400;color:var(--soft);line-height:1.3}
.plan .name{position:sticky;left:0;z-index:1;background:var(--page);text-align:left}
.plan tbody tr:hover .name{background:var(--card)}
.plan .text,.scans .text{text-align:left;white-space:normal;min-width:58px;max-width:118px}
.plan td.text{overflow-wrap:break-word}
.plan .rank{font-weight:650;text-align:right}
.plan thead tr+tr th{text-align:right}.plan td small{white-space:nowrap}.plan td.text small{white-space:normal}
.plan .group th{text-align:left}
.plan .seen small{color:var(--good);font-weight:600}
.plan .missed small{color:var(--bad);font-weight:600}
.plan td.missed{color:var(--soft)}
.scans .first>*{border-top:1px solid var(--line)}
.basis{font-size:9.5px;line-height:0;color:var(--soft);margin-left:1px}
.basis abbr,.key abbr{text-decoration:none}
td.na{color:var(--soft)}
.key{margin:8px 0 0;max-width:none}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:26px 30px;margin-top:6px}
.plot{max-width:640px;min-width:0;break-inside:avoid}
.plot figcaption{font-weight:600;font-size:14px;margin-bottom:4px}
.plot figcaption small{display:block;font-weight:400;color:var(--soft);font-size:12.5px}
.plot svg{width:100%}
.plot .legend svg{width:28px;flex:none}
.plot .legend{margin-top:4px;gap:2px 18px}
.plot .legend span{overflow-wrap:anywhere}
.plot .note{margin-top:4px}
svg .wanted{stroke:var(--ink);stroke-width:1.3;stroke-dasharray:2 3}
svg .quiet{fill:none;stroke:var(--soft);stroke-width:1;opacity:.45}
svg circle.quiet{fill:var(--soft);stroke:none}
svg .halo{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
svg .ceiling{stroke:var(--ink);stroke-width:2}
svg .dose{stroke:var(--ink);stroke-width:2;stroke-dasharray:3 2.5}
svg .missing{fill:none;stroke:var(--bad);stroke-width:1.4;stroke-dasharray:4 3}
svg .bad{fill:var(--bad)}
svg .soft{fill:var(--soft)}
svg .strong{font-weight:650}
.reason{overflow-wrap:anywhere}
.excluded td,.excluded th{text-align:left;white-space:normal;vertical-align:top;overflow-wrap:anywhere;min-width:64px}
.excluded tbody th[scope=row]{max-width:280px;min-width:110px}.excluded th small{display:block;color:var(--soft);font-weight:400}
.excluded ul{padding-left:16px}
.said{padding-left:20px}
.said li{margin:4px 0;max-width:110ch;overflow-wrap:anywhere}
.explain p,.explain ul{max-width:95ch;margin-bottom:8px}
.explain ul{padding-left:20px}
pre{margin:0;padding:14px 16px;background:var(--card);border:1px solid var(--faint);border-radius:6px;overflow-x:auto;
font:12.5px/1.45 ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono",monospace}
.references small{color:var(--soft)}
@media (max-width:640px){.facts{grid-template-columns:1fr 1fr}.facts{gap:8px 16px}main{padding:20px 14px 48px}h1{font-size:24px}.plan .name{max-width:136px;min-width:116px}
.plan .rank{padding-right:2px}}
@media print{.plan .name{position:static}pre{white-space:pre-wrap}}
)css";
}

}  // namespace sojourn::report
