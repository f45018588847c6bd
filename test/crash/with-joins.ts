// in: nothing
// out: random pipelines have two inputs, too; to be imported before them

process.env['WEIR_JOINS'] ??= '1';
