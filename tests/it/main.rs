//! Everything that is tested from outside: the library by its public interface, the program as a user runs it.

mod apache; // Apache, asking for client certificates as IIS does
mod asked; // prompts, signals, and how often lists are asked for
mod bad_input; // whatever can be wrong with what is given: told clearly, exit 2, nothing probed
mod bound; // what must be bound, and which of several certificates clients take
mod captures; // what odd servers were seen to do, judged again
mod check; // `check` and `assess` over a small site: reports, exit codes, saved observations
mod content_roles; // packages and updates, as Apache can serve them
mod definitions; // definitions: every fault with its message, every starter with its plan
mod demo; // the simulated site, healthy and with every fault, under the real prober
mod diff; // `diff` and `--baseline`: what changed shows as just that, and what is the same does not
mod discover; // `check --discover`: whom lists name and nobody gave
mod dnsmasq; // dnsmasq twice, as the DNS inside and the DNS outside
mod endpoints; // what `check` is pointed at: endpoints, lists, files, and what is none of them
mod explain; // `explain` and `schema`: pages, lists, suggestions, and that what is printed is valid
mod files_as_windows_writes_them; // every text in every encoding, certificates in every layout
mod formats; // every format, read by readers nobody here wrote
mod fuzz; // readers of bytes: seeds and spoiled seeds, none of which may bring them down
mod haproxy; // HAProxy, as a site system and as a proxy
mod html; // the report as a page: valid, readable by everybody, printed, and nothing in it acts
mod init; // `init`: exports become definitions, and what is broken or secret does not show
mod inspect; // `inspect`: every kind of file, good and bad, and chains as if presented
mod inspect_runs; // `inspect` of what an earlier run saved, and `--online`
mod installing; // `completions` and `man`: shells load the one, troff sets the other without a complaint
mod judged; // what the program concluded, for the modules that check real servers
mod lean; // `jsonl`: small lines for every role, and nothing they leave out is lost
mod left_out; // what options and waivers leave out is not applicable, and the exit code says so
mod management_point; // a management point's answers and its site's definition, for real servers
mod nginx; // nginx, as a site system and as a proxy
mod outputs; // where reports go: inputs spared, full disks, closed pipes, a monitoring system's exit codes
mod own_sites; // a site of thirty distribution points with one thing wrong: one diagnosis, one screen
mod path_faults; // what breaks a path, and a gateway's name, told of files in so many words
mod pkits; // NIST's path validation suite, through the library's paths and lists
mod plan; // `plan`: told without the network, and what `check` then does
mod presenting; // to whom a client's certificate is shown; the machine's OpenSSL has no say
mod program; // running the program, for the other modules
mod proxies; // HAProxy, nginx and Apache before a management point, bridging and tunnelling
mod readme; // what the README shows: its table, its definition
mod real_certificates; // certificates with one fault each, presented by nginx, Apache and s_server
mod reports; // the documents: their schema, and every format over one fixed example
mod request; // `request`: what is asked for is what the definition demands, proven by an authority and `inspect`
mod rows; // the README's command for each row of the document, on the demo's site
mod s_server; // `openssl s_server`: any chain, any version
mod secrets; // planted secrets, looked for in everything that is printed, written and saved
mod serve; // the exporter: scraped by Prometheus, by many at once and by the hostile; its passwords, signals, collecting
mod servers; // starting and ending real servers, for those modules
mod small_site; // a management point on loopback with its definition, for the other modules
mod suggestions; // what a run suggests, by what it was given
mod tidy; // the house rules: who may name whom, where the outside world is touched, what a file may be
mod todays_roles; // a cloud management gateway, an administration service, reporting and state migration points, by nginx
mod undeclared; // sites that declare no profile: a management point's version decides
mod web_proxy; // web proxies on the way: names, addresses, exceptions, and what they will not do
mod wrong_files; // every command given every kind of file that is not its own, and a hyphen
