// eslint.config.cjs - what is an error in JavaScript: the page in a browser, its build and its
// tests in node. Layout is prettier's.
const js = require("@eslint/js");
const react = require("eslint-plugin-react");
const hooks = require("eslint-plugin-react-hooks");
const globals = require("globals");

const rules = {
	...js.configs.recommended.rules,
	"array-callback-return": "error",
	complexity: ["error", 15],
	"consistent-return": "error",
	"default-case-last": "error",
	eqeqeq: "error",
	"max-depth": ["error", 4],
	"max-lines": ["error", 700],
	"max-lines-per-function": ["error", 80],
	"max-params": ["error", 6],
	"no-constructor-return": "error",
	"no-duplicate-imports": "error",
	"no-else-return": "error",
	"no-eval": "error",
	"no-implied-eval": "error",
	"no-new-func": "error",
	"no-script-url": "error",
	"no-self-compare": "error",
	"no-shadow": ["error", { builtinGlobals: false }],
	"no-template-curly-in-string": "error",
	"no-throw-literal": "error",
	"no-undef": "error",
	"no-unmodified-loop-condition": "error",
	"no-unreachable-loop": "error",
	"no-unused-expressions": ["error", { allowShortCircuit: true }],
	"no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
	"no-use-before-define": ["error", { functions: false, variables: false }],
	"no-useless-return": "error",
	"no-var": "error",
	"prefer-const": ["error", { destructuring: "all" }],
	"require-atomic-updates": "error",
};

// Preact takes JSX as React does, but for attributes by their names in HTML: rules about those are
// left out. So is exhaustive-deps: what an effect depends on is often said by a key, on purpose.
const jsxRules = {
	"react/jsx-key": "error",
	"react/jsx-no-comment-textnodes": "error",
	"react/jsx-no-duplicate-props": "error",
	"react/jsx-no-script-url": "error",
	"react/jsx-no-undef": "error",
	"react/jsx-no-useless-fragment": "error",
	"react/jsx-uses-vars": "error",
	"react/no-danger": "error",
	"react-hooks/rules-of-hooks": "error",
};

module.exports = [
	{ linterOptions: { reportUnusedDisableDirectives: "error" }, rules },
	{
		files: ["**/*.js", "**/*.jsx"],
		settings: { react: { version: "18" } }, // what Preact is compatible with
		plugins: { react, "react-hooks": hooks },
		languageOptions: {
			globals: globals.browser,
			parserOptions: { ecmaFeatures: { jsx: true } },
		},
		rules: jsxRules,
	},
	{ files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
	{
		// Functions handed to a browser stand among those of node.
		files: ["**/*.cjs"],
		languageOptions: {
			sourceType: "commonjs",
			globals: { ...globals.node, ...globals.browser },
		},
	},
];
