// Writes a bill of materials (CycloneDX) of the program and the WebAssembly within it; called by tools/package.
//
// cargo-cyclonedx lists the crates of one target, so the bills of both are made into one. It fails if a crate is missing that
// Cargo builds.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const [file, version] = process.argv.slice(2)
const cargo = (...args) => execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
const halves = [
  ['--features', 'embed', '--target', /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1]],
  ['--features', 'review', '--target', 'wasm32-unknown-unknown'],
]

// One is written beside each manifest of the workspace; only the program's is wanted.
function billOf(half) {
  const name = 'exam-prep.cdx'
  const crates = readdirSync('crates', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const folders = ['.', ...crates.map((crate) => `crates/${crate.name}`)]
  try {
    cargo('cyclonedx', '--quiet', '--format', 'json', '--spec-version', '1.5', '--override-filename', name, ...half)
    // The same commit gives the same bill in every folder.
    return JSON.parse(readFileSync(`${name}.json`, 'utf8').replaceAll(`file://${process.cwd()}`, 'file://.'))
  } finally {
    for (const folder of folders) rmSync(`${folder}/${name}.json`, { force: true })
  }
}

// The crates of a half as `name version`, without what only tests need.
function cratesOf(half) {
  const lines = cargo('tree', '--locked', '--edges', 'normal,build', '--prefix', 'none', '--format', '{p}', ...half)
  return lines.trim().split('\n').map((line) => line.replace(/^(\S+) v(\S+).*/, '$1 $2'))
}

const bills = halves.map(billOf)
const { properties: _, ...metadata } = bills[0].metadata
metadata.component.version = version
const components = new Map(bills.flatMap((bill) => bill.components).map((component) => [component['bom-ref'], component]))
const dependencies = new Map()
for (const { ref, dependsOn = [] } of bills.flatMap((bill) => bill.dependencies)) {
  dependencies.set(ref, [...new Set([...(dependencies.get(ref) ?? []), ...dependsOn])].sort())
}
const bill = {
  ...bills[0],
  metadata,
  components: [...components.values()],
  dependencies: [...dependencies].map(([ref, dependsOn]) => ({ ref, dependsOn })),
}

const listed = new Set(bill.components.map(({ name, version }) => `${name} ${version}`))
const built = halves.flatMap((half) => cratesOf(half).slice(1))
const missing = [...new Set(built)].filter((crate) => !listed.has(crate))
if (missing.length) throw new Error(`these crates are not in the bill of materials: ${missing.join(', ')}`)
writeFileSync(file, `${JSON.stringify(bill, null, 1)}\n`)
