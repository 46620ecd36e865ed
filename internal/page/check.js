// Checks pages that readiness/render wrote: valid HTML, no errors and no
// requests in a browser, contrast and names for those who cannot see it, a
// filter that works, and a layout that fits.
//
//	node check.js BROWSER FILE...

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const [browserPath, ...files] = process.argv.slice(2);
const validator = new HtmlValidate(new FileSystemConfigLoader({
	root: true,
	extends: ["html-validate:recommended"],
	rules: {
		"no-trailing-whitespace": "off", // a matter of taste
		"long-title": "off",
		"void-style": "off",
	},
}));

// The ways to look at a page.
const views = [
	{ name: "light", width: 1280, scheme: "light" },
	{ name: "dark", width: 1280, scheme: "dark" },
	{ name: "phone", width: 360, scheme: "light" },
];

let passed = 0, failed = 0;

function report(what, problems) {
	if (problems.length === 0) {
		passed++;
		return;
	}
	failed++;
	console.log(`${what}:`);
	for (const p of problems) console.log(`  ${p}`);
}

async function validity(file) {
	const result = await validator.validateFile(file);
	return result.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column}: ${m.ruleId}: ${m.message}`));
}

// looks returns what is wrong with a page that a browser shows.
async function looks(page, view) {
	await page.setViewport({ width: view.width, height: 900 });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: view.scheme }]);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	const problems = wide > 0 ? [`the page is ${wide} pixels wider than the screen`] : [];
	await page.evaluate(axe.source);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	for (const v of found.violations) problems.push(`${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html).join(" ")}`);
	return problems;
}

// filters returns what is wrong with the filter of the checks.
async function filters(page) {
	const shown = () => page.evaluate(() => [...document.querySelectorAll(".checks tbody tr")].filter((r) => r.offsetHeight > 0).map((r) => ({ text: r.textContent.toLowerCase(), state: r.className })));
	const all = await shown();
	if (all.length === 0) return ["no checks are shown"];
	const problems = [];
	const expect = async (what, rows, fits) => {
		const want = all.filter(fits).length;
		const count = await page.$eval("#count", (o) => o.textContent);
		if (rows.length !== want || !rows.every(fits)) problems.push(`${what}: ${rows.length} checks, want ${want}`);
		if (count !== `${want} of ${all.length} checks`) problems.push(`${what}: the page says ${JSON.stringify(count)}`);
	};
	await page.type("#words", "LOGIN 443");
	await expect("two words", await shown(), (r) => r.text.includes("login") && r.text.includes("443"));
	await page.type("#words", " no such words");
	await expect("words that are nowhere", await shown(), () => false);
	await page.$eval("#words", (i) => { i.value = ""; i.dispatchEvent(new Event("input")); });
	for (const state of ["failed", "ok", "not_run", ""]) {
		await page.select("#show", state);
		await expect(`show ${state || "all"}`, await shown(), (r) => state === "" || r.state === state);
	}
	return problems;
}

// prints returns what is wrong with the page on paper.
async function prints(page) {
	await page.emulateMediaType("print");
	const visible = await page.$eval("#filter", (f) => f.offsetHeight > 0);
	const pdf = await page.pdf({ format: "A4" });
	await page.emulateMediaType("screen");
	return [...(visible ? ["the filter is on paper"] : []), ...(pdf.length < 1000 ? ["nothing is on paper"] : [])];
}

// silent returns what a page shows of the checks without its script.
async function silent(browser, url) {
	const page = await browser.newPage();
	await page.setJavaScriptEnabled(false);
	await page.goto(url);
	const text = await page.$eval("main", (m) => m.innerText);
	await page.close();
	return text.includes("login.live.com") ? [] : ["without its script the page does not show the checks"];
}

const browser = await puppeteer.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
try {
	for (const file of files) {
		const name = path.basename(file), url = pathToFileURL(path.resolve(file)).href;
		report(`${name}: HTML`, await validity(file));
		const page = await browser.newPage();
		const noise = [];
		page.on("console", (m) => noise.push(`${m.type()}: ${m.text()}`));
		page.on("pageerror", (e) => noise.push(`error: ${e}`));
		page.on("request", (r) => { if (r.url() !== url) noise.push(`request: ${r.url()}`); });
		await page.goto(url);
		report(`${name}: filter`, await filters(page));
		report(`${name}: paper`, await prints(page));
		for (const view of views) report(`${name}: ${view.name}`, await looks(page, view));
		report(`${name}: console and requests`, noise);
		await page.close();
		report(`${name}: without scripts`, await silent(browser, url));
	}
} finally {
	await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
