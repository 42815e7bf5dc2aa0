import { moduleOf, nothing, type ModuleFactory } from '../support/modules.js';
import { quietClass } from '../support/quiet.js';
import type { Value } from '../../values/index.js';

/** Modules whose every answer comes from outside the program. Their names are there, their values Unknown. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'asks the clock': 'time datetime calendar zoneinfo',
  'reads or writes files':
    'tempfile shutil glob fnmatch fileinput zipfile tarfile gzip bz2 lzma zlib csv configparser sqlite3 dbm shelve mmap filecmp linecache',
  'reads serialised data': 'pickle marshal yaml toml tomllib tomli plistlib cPickle _pickle',
  'talks to the network':
    'socket ssl urllib urllib.request urllib.parse urllib.error http http.client http.server requests ftplib smtplib email xml xml.etree xml.etree.ElementTree html webbrowser xmlrpc',
  'runs other programs': 'subprocess pty select selectors',
  'runs code at the same time':
    'threading multiprocessing multiprocessing.pool multiprocessing.shared_memory concurrent concurrent.futures asyncio queue sched contextvars',
  'asks the system':
    'platform getpass pwd grp resource signal locale errno ctypes ctypes.util fcntl curses readline rlcompleter site sysconfig',
  'makes numbers from outside': 'uuid secrets',
  'looks at running code':
    'traceback dis trace tracemalloc cProfile profile pstats timeit pdb faulthandler code codeop symtable tokenize token keyword opcode bdb',
  'holds tests': 'unittest unittest.mock doctest pytest',
  'is not evaluated':
    'decimal fractions struct base64 binascii hashlib hmac codecs array io getopt optparse gettext unicodedata difflib pprint reprlib pkgutil zipimport imp setuptools colorsys wave audioop cmd shlex tkinter turtle stringprep ipaddress mimetypes sre_compile',
};

/** Functions among them that code calls for their effect alone. */
const EFFECTS: Readonly<Record<string, string>> = {
  time: 'sleep',
  traceback: 'print_exc print_stack',
  pprint: 'pprint pp',
  shutil: 'rmtree copy copyfile copytree move copy2',
  signal: 'signal',
  locale: 'setlocale',
  faulthandler: 'enable',
  pdb: 'set_trace',
  multiprocessing: 'set_start_method freeze_support',
  csv: 'field_size_limit',
  resource: 'setrlimit',
};

/** Classes among them that user code extends: their own methods do nothing. */
const CLASSES: Readonly<Record<string, string>> = {
  unittest: 'TestCase IsolatedAsyncioTestCase TestSuite',
  threading: 'Thread Timer Lock RLock Event Condition Semaphore local',
  multiprocessing: 'Process Lock',
  html: 'HTMLParser',
  pickle: 'Unpickler Pickler',
  cmd: 'Cmd',
  doctest: 'DocTestParser DocTestRunner DocTestFinder OutputChecker',
  socket: 'socket',
};
const METHODS =
  'start join run close stop cancel acquire release wait set clear notify setUp tearDown assertEqual assertTrue assertFalse assertRaises assertAlmostEqual assertIsNone assertIn feed persistent_load find_class'.split(
    ' ',
  );

const words = (list: string | undefined): string[] => (list ?? '').split(' ').filter((word) => word !== '');

const factories: Record<string, ModuleFactory> = {};
for (const [reason, names] of Object.entries(OUTSIDE)) {
  for (const name of names.split(' ')) {
    const quiet = (): Record<string, Value> => ({
      ...Object.fromEntries(words(EFFECTS[name]).map((f) => [f, nothing(f)])),
      ...Object.fromEntries(words(CLASSES[name]).map((c) => [c, quietClass(c, name, METHODS)])),
    });
    factories[name] = moduleOf(
      name,
      () => [quiet()],
      (member, runtime) =>
        member.startsWith('__') ? undefined : runtime.unknown(`${name} ${reason}`, `${name}.${member}`),
    );
  }
}

export const outsideModules: Readonly<Record<string, ModuleFactory>> = factories;
