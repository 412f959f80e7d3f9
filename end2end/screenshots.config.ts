// Pictures of the pages for docs/screenshots: make screenshots.
import base from './playwright.config';

export default { ...base, testDir: 'screenshots', retries: 0, projects: base.projects!.filter(({ name }) => !name!.includes('without')) };
