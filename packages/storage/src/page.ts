/** Memory is shared out among threads in pages of this many bytes; what one thread holds is known to the byte. */
export const pageBytes = 16 * 1024;
