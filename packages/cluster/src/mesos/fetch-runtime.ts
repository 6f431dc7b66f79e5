/**
 * Fetches a runtime that `packRuntime` has made, checks it, unpacks it below the working directory. An agent gets
 * the text of this function on the command line, so it uses nothing but what Node.js has, and says on standard error what goes wrong.
 *
 * Only the hash is believed: it comes from the master, and whoever serves other bytes is refused. So the address needs neither a
 * certificate that is known here nor a secret, and what is served is no secret either.
 *
 * @param url Where it is served.
 * @param sha256 Of its bytes, in hexadecimal.
 * @param entry A file of it.
 * @returns The URL of that file.
 */
async function fetchRuntime(url: string, sha256: string, entry: string): Promise<string> {
  const crypto = process.getBuiltinModule("node:crypto");
  const files = process.getBuiltinModule("node:fs");
  const paths = process.getBuiltinModule("node:path");
  const zlib = process.getBuiltinModule("node:zlib");
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  const mostBytes = 256 * 1024 * 1024;
  const tries = 5;

  const download = (): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const isSecure = url.startsWith("https:");
      const { get } = isSecure ? process.getBuiltinModule("node:https") : process.getBuiltinModule("node:http");
      const request = get(url, { agent: false, timeout: 30_000, rejectUnauthorized: false }, (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`the driver answers ${response.statusCode}`));
          request.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length > mostBytes) request.destroy(new Error(`it has more than ${mostBytes} bytes`));
          chunks.push(chunk);
        });
        response.on("end", () => resolve(Buffer.concat(chunks)));
        response.on("error", reject);
      });
      request.on("timeout", () => request.destroy(new Error("the driver does not answer")));
      request.on("error", reject);
    });

  const unpack = (packed: Buffer, directory: string): void => {
    const bytes = zlib.gunzipSync(packed, { maxOutputLength: mostBytes });
    const end = 4 + bytes.readUInt32LE(0);
    const table = JSON.parse(bytes.toString("utf8", 4, end)) as [path: string, bytes: number][];
    let at = end;
    let made = "";
    for (const [path, length] of table) {
      const file = paths.join(directory, path);
      const parent = paths.dirname(file);
      if (parent !== made) files.mkdirSync(parent, { recursive: true });
      made = parent;
      files.writeFileSync(file, bytes.subarray(at, (at += length)));
    }
  };

  try {
    let packed: Buffer | undefined;
    for (let attempt = 1; packed === undefined; attempt++) {
      try {
        const bytes = await download();
        const found = crypto.createHash("sha256").update(bytes).digest("hex");
        if (found !== sha256) throw new Error(`its SHA-256 is ${found}, not ${sha256}`);
        packed = bytes;
      } catch (error) {
        if (attempt === tries) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
      }
    }
    const directory = paths.resolve(`gloam-${sha256.slice(0, 16)}`);
    unpack(packed, directory);
    return pathToFileURL(paths.join(directory, entry)).href;
  } catch (error) {
    process.stderr.write(
      `Gloam cannot be fetched from ${url}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}

/** Arguments with which `node` does that, and runs the file. */
export function fetchArguments(url: string, sha256: string, entry: string): readonly string[] {
  // As CommonJS it starts faster, and reads its arguments where a module would.
  return [
    "-e",
    `(${String(fetchRuntime)})(...process.argv.slice(1)).then((entry) => import(entry))`,
    url,
    sha256,
    entry,
  ];
}
