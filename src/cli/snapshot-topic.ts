// in: nothing
// out: what help has to say about snapshots: what resumes how, and what is refused

export const snapshots = {
  name: 'snapshots',
  summary: 'going on after a kill, a full disk, or a day',
  sections: [
    {
      heading: 'Snapshots',
      paragraphs: [
        'With --snapshots DIR a job writes there, every --every of wall-clock time, how far it has read and written and what its stages keep. However it ends, the same command again goes on, and the output file ends up byte for byte as if nothing had happened. A directory belongs to one pipeline, and to one job at a time.',
        'Ctrl-C and SIGTERM stop reading, take a last snapshot, and print nothing that is still open; a second signal ends at once. `weir snapshot save DIR` (or SIGUSR1) makes the job that runs take a savepoint, which stays until it is removed.',
        'When input has ended, --eof drain prints what is open; the same command again then leaves the same output. With --eof keep all stays open for the next run, which may name other files: a file that was read to its end is not read again, one that has grown is read from where it ended.',
      ],
    },
    {
      heading: 'Input',
      paragraphs: [
        'A file is known again by device, inode and first bytes, whatever its name. Plain NDJSON is read on from its place; gzip and other formats are read again up to it, and compared. Stdin is a file where it is one; a pipe must bring the same bytes again, which are compared and skipped.',
        'A file that was not finished must be named again.',
      ],
    },
    {
      heading: 'Output',
      paragraphs: [
        '-o FILE, files of stages, and stdout that is a file (append to it: >>) are cut to where the snapshot was taken. To a pipe some records may come twice. Where a run ended by a signal or --eof keep, the next one may write to another file.',
      ],
    },
    {
      heading: 'Refused with exit 3',
      items: [
        ['another pipeline', 'the stages, or --time, --delay, --tz, formats … differ; -p, --eof, --every, --keep, --on-error and names of files may'],
        ['another input', 'a file or a pipe that does not hold what was read'],
        ['another output', 'one that was emptied (by >), cut or changed'],
        ['a directory in use', 'until that job has ended, however it does'],
        ['no whole snapshot', 'a damaged one is left out, with a warning, and the one before is taken; where none is whole nothing is guessed'],
      ],
    },
    { heading: 'A way out', paragraphs: ['--fresh starts anew, whatever there is; what there was is removed, but for savepoints.'] },
  ],
} as const;
