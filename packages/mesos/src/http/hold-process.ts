/** Keeps the process alive, as `Timers` do not, until the result is called: between attempts there is no socket that would. */
export function holdProcess(): () => void {
  const timer = setInterval(() => {}, 2 ** 30);
  return () => clearInterval(timer);
}
