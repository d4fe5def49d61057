#include "sojourn/report/sections.h"

namespace sojourn::report {

std::string style_sheet() {
  return R"css(
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#59626d;--line:#d5dae0;--faint:#e9ecf0;--page:#fff;--card:#f6f8fa;
--link:#0a5a9c;--warn:#8a4b00;--warn-page:#fff6e5;--warn-line:#e0a030}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#a5afba;--line:#444c56;--faint:#2c333b;--page:#15191e;
--card:#1d232a;--link:#79b8f3;--warn:#ffce85;--warn-page:#2c2312;--warn-line:#9a6a14}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
"Liberation Sans","DejaVu Sans",sans-serif}
main{max-width:1240px;margin:0 auto;padding:32px 28px 64px}
h1,h2,h3,p,dl,figure,ul,ol{margin:0}
h1{font-size:30px;line-height:1.2;font-weight:650;overflow-wrap:anywhere}
h2{font-size:19px;font-weight:650;margin-bottom:12px}
h3{font-size:15px;font-weight:600;margin:14px 0 8px}
section{margin-top:38px}
a{color:var(--link)}
.brand{color:var(--soft);font-size:13px;margin-bottom:4px}
.species{font-weight:400;color:var(--soft)}
.answer{font-size:18px;margin-top:12px;max-width:100ch}
.answer span{white-space:nowrap}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:14px;margin-top:18px}
.tile{background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:14px 16px;font-variant-numeric:tabular-nums}
.tile h3{margin:0;font-weight:500;color:var(--soft);overflow-wrap:anywhere}
.tile p{font-size:13px}
.tile .big{font-size:25px;font-weight:600;line-height:1.35}
.naive{color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:12px 28px}
.facts div{border-top:1px solid var(--faint);padding-top:6px;min-width:0}
dt{font-size:12.5px;color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.warnings{background:var(--warn-page);border:1px solid var(--warn-line);border-left-width:5px;border-radius:6px;padding:14px 18px}
.warnings h2{font-size:16px;color:var(--warn);margin-bottom:6px}
.warnings ul{padding-left:20px}
.warnings li{margin:4px 0;overflow-wrap:anywhere}
.where{color:var(--soft);font-size:13px;white-space:normal}
.calm{margin-top:26px;color:var(--soft)}
.scale{display:flex;flex-wrap:wrap;gap:6px 28px;align-items:flex-start}
.note{color:var(--soft);font-size:13px;flex:1 1 420px;max-width:90ch}
.mips{display:flex;flex-wrap:wrap;gap:24px 34px;margin-top:14px}
.mip figcaption,.facet figcaption{font-size:14px;margin-bottom:6px;overflow-wrap:anywhere}
.mip figcaption small{display:block;color:var(--soft);font-size:12.5px}
.mip{max-width:100%;break-inside:avoid}
svg{display:block;max-width:100%;height:auto}
svg text{fill:var(--ink);font-size:12px;font-variant-numeric:tabular-nums}
svg .tick{fill:var(--soft);font-size:11.5px}
svg .label{fill:var(--ink);font-size:12.5px}
svg .name{font-size:13px}
svg .grid{stroke:var(--faint);stroke-width:1}
svg .dotted{stroke-dasharray:1 3;stroke:var(--line)}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .leader{fill:none;stroke-width:1;opacity:.55}
svg .hollow{fill:var(--page)}
svg .plate{fill:none;stroke:#8b949e;stroke-width:1}
svg .mark{fill:#333;font-size:14px;font-weight:600}
svg .ruler{fill:none;stroke:var(--ink);stroke-width:1.5}
.facets{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:20px 14px;margin-top:10px}
.facet{break-inside:avoid;min-width:0;max-width:330px}
.facet figcaption{font-weight:600;margin-bottom:2px;padding-left:10px}
.facet svg{width:100%}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;font-size:13px}
.legend span{display:inline-flex;align-items:center;gap:7px}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;width:100%}
caption{text-align:left;color:var(--soft);padding:0 0 8px;font-size:13px}
th,td{padding:4px 9px;text-align:right;white-space:nowrap;font-weight:400;border-bottom:1px solid var(--faint)}
thead th{white-space:normal;vertical-align:bottom;font-weight:600;font-size:12.5px;line-height:1.25;border-bottom:1.5px solid var(--soft)}
thead small{display:block;font-weight:400;color:var(--soft)}
th:first-child{text-align:left}
tbody th[scope=row]{min-width:120px;max-width:240px;overflow-wrap:break-word;white-space:normal}
.group th{font-weight:600;padding-top:14px}
.below td,.below th{color:var(--soft);font-style:italic}
.below small{font-size:11px;display:block;line-height:1.1}
.na{color:var(--soft)}
tbody tr:hover td,tbody tr:hover th{background:var(--card)}
details{margin:6px 0}
summary{cursor:pointer;padding:3px 0}
summary small{color:var(--soft)}
.prose{max-width:82ch}
.references li{margin:5px 0;overflow-wrap:anywhere}
.provenance details details{margin-left:18px}
.plain{width:auto;margin:4px 0 8px 18px}
.plain td,.plain th{text-align:left;white-space:normal;vertical-align:top;overflow-wrap:anywhere}
.plain th{color:var(--soft);white-space:nowrap}
footer{margin-top:44px;color:var(--soft);font-size:12.5px;border-top:1px solid var(--faint);padding-top:10px}
@media print{@page{margin:12mm;size:A4 landscape}:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--faint:#ddd;--page:#fff;
--card:#fff;--link:#000;--warn:#000;--warn-page:#fff;--warn-line:#666}
main{max-width:none;padding:0}body{font-size:12px}table{font-size:9.5px}th,td{padding:2px 5px}.wide{overflow:visible}
h2,h3,summary{break-after:avoid}tr,.tile,.warnings li,.chart{break-inside:avoid}thead{display:table-header-group}}
)css";
}

}  // namespace sojourn::report
