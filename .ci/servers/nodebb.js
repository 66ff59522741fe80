// NodeBB in this process, and beside it a door for tests: POST {"file", "fn", "args"} calls `src/FILE` with a callback.
'use strict';
const http = require('http');
const path = require('path');
const app = process.cwd();
const door = Number(process.env.RIG_DOOR);
process.argv.splice(2);
require(path.join(app, 'app.js'));
http.createServer((request, response) => {
  let body = '';
  request.on('data', part => { body += part; });
  request.on('end', () => {
    const { file, fn, args } = JSON.parse(body);
    const owner = fn.split('.').slice(0, -1).reduce((at, name) => at[name], require(path.join(app, 'src', file)));
    owner[fn.split('.').pop()](...args, (error, result) => {
      response.statusCode = error ? 500 : 200;
      response.end(error ? String(error.message || error) : JSON.stringify(result === undefined ? null : result));
    });
  });
}).listen(door, '127.0.0.1');
