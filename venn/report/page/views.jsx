// views.jsx - the table of views: each is a file, and one entry here.
import { Changes } from "./changes.jsx";
import { Claims } from "./claims.jsx";
import { Conditional } from "./conditional.jsx";
import { Cves } from "./cves.jsx";
import { Explore } from "./explore.jsx";
import { File } from "./file.jsx";
import { Functions } from "./functions.jsx";
import { Measurements } from "./measurements.jsx";
import { Overview } from "./overview.jsx";
import { Patch } from "./patch.jsx";
import { Profiles } from "./profiles.jsx";
import { Syscalls } from "./syscalls.jsx";
import { Trust } from "./trust.jsx";

// By name, which is the address: [title in the list of views, or null, Content, command]. The
// command is the one of covdb that prints what the view shows: "the commands below the views" in
// tests/report/page_test.cjs asks for it, and layout_test.cjs measures each.
export const views = {
	overview: ["Overview", Overview, "summary"],
	explore: ["Explorer", Explore, "venn"],
	functions: ["Functions", Functions, "functions"],
	conditional: ["Conditional", Conditional, "conditional"],
	measurements: ["Measurements", Measurements, "metrics"],
	profiles: ["Profiles", Profiles, "profile"],
	cves: ["Vulnerabilities", Cves, "cve"],
	syscalls: ["System calls", Syscalls, "syscalls"],
	changes: ["Changes", Changes, "compare"],
	patch: ["Patch", Patch, "patch"],
	claims: ["Claims", Claims, "claims"],
	trust: ["Trust", Trust, "stability"],
	file: [null, File, "annotate"],
};
