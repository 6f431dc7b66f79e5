// npm run test:pyarrow: what Gloam writes is read by pyarrow, and the other way round. Makes a virtual environment in
// .pyarrow-venv, once; fails when that cannot be done.
import { runPythonSuite } from "./python-suite.mjs";

runPythonSuite("pyarrow");
